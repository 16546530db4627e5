"""What a client knows of its rooms, whatever the server says of them."""

from twisted_chat.client.around import Around
from twisted_chat.core.events import Entry, Moved, Said, TopicSet
from twisted_chat.speech.lines_json import MOST_ROOMS


def crowded() -> Around:
    """All rooms that are remembered are there."""
    around = Around()
    for number in range(MOST_ROOMS):
        around.happened(Entry(1, f"#r{number}", TopicSet("bob", "tea")), False, False)
    return around


def test_of_more_rooms_than_one_can_be_in_nothing_is_remembered() -> None:
    around = crowded()
    around.happened(Entry(2, "#more", Said("bob", "hi")), True, True)
    around.happened(Entry(2, "#r7", Said("bob", "hi")), True, True)
    views = around.views(["#more", "#r7"])
    assert [(view.unread, view.mentions) for view in views] == [(0, 0), (1, 1)]


def test_a_room_of_which_nothing_is_remembered_may_move() -> None:
    around = crowded()
    around.happened(Entry(2, "#more", Moved("bob", "#other")), False, False)
    assert around.room("#r7").topic == "tea"
    assert around.room("#other").topic == ""
