"""What a search finds, and what it leaves."""

import sqlite3
from itertools import islice

import pytest
import pytest_twisted

from tests.stores.house import House, texts
from tests.stores.on_disk import Houses, search
from twisted_chat.core.events import LOBBY, Acted, Announced, Joined, Pasted, Told, TopicSet
from twisted_chat.core.history import END, Query
from twisted_chat.core.refusals import Refusal
from twisted_chat.stores import reading
from twisted_chat.stores.writing import CHUNK


@pytest_twisted.ensureDeferred
async def test_all_words_are_in_what_is_found_in_any_order(house: House) -> None:
    house.say("the red fox", "the fox", "a fox that is red", "redder foxes")
    await house.settle()
    assert await search(house, "RED fox") == ["the red fox", "a fox that is red"]


@pytest_twisted.ensureDeferred
async def test_what_was_said_a_moment_ago_is_found(house: House) -> None:
    for number in range(5):
        house.say(f"needle {number}")
        await house.settle()
        assert (await search(house, "needle"))[-1] == f"needle {number}"


@pytest_twisted.ensureDeferred
async def test_all_kinds_of_what_is_kept_are_found(house: House) -> None:
    house.publish(Acted("ann", "waves a needle"))
    house.publish(Announced("a needle!"))
    house.publish(Told("ann", "bob", "needle."))
    house.publish(Joined("needle"))
    await house.settle()
    assert await search(house, "needle") == ["waves a needle", "a needle!", "needle."]


@pytest_twisted.ensureDeferred
async def test_a_search_goes_beyond_one_step_of_the_index(house: House) -> None:
    house.say(*[f"hay {number}" for number in range(3 * CHUNK)])
    await house.settle()
    assert await search(house, f"hay {3 * CHUNK - 1}") == [f"hay {3 * CHUNK - 1}"]


@pytest_twisted.ensureDeferred
async def test_a_search_is_of_one_who_said_it(house: House) -> None:
    house.say("needle 1", name="Ann")
    house.say("needle 2, said ann", name="bob")
    house.say("needle 3", name="ann.b")
    await house.settle()
    assert await search(house, "from:ANN needle") == ["needle 1"]
    assert await search(house, "from:ann") == ["needle 1"]


@pytest_twisted.ensureDeferred
async def test_a_search_knows_every_name(house: House) -> None:
    every = ["a.b-c_d", "Élise", "日本", "x-1"]
    for name in every:
        house.say(f"of {name}", name=name)
    await house.settle()
    for name in every:
        assert await search(house, f"from:{name.upper()}") == [f"of {name}"]


@pytest_twisted.ensureDeferred
async def test_quotes_and_operators_mean_themselves(house: House) -> None:
    """Above all, none of them is an error."""
    first = ['"needle', 'needle"', 'nee"dle', "needle*", "^needle", "(needle", "needle)", "-needle"]
    every = [*first, "AND", "NOT", "OR", "NEAR(needle", "text:needle", "{text", "needle;", "a:b:c"]
    house.say(*[f"{number} {word} straw" for number, word in enumerate(every)], "other")
    await house.settle()
    for number, word in enumerate(every):
        assert await search(house, f"{number} {word}") == [f"{number} {word} straw"]


@pytest_twisted.ensureDeferred
async def test_operators_do_not_widen_a_search(house: House) -> None:
    house.say("needle", "hay", "needle OR hay")
    await house.settle()
    assert await search(house, "needle OR hay") == ["needle OR hay"]
    assert await search(house, "name:ann") == []


@pytest_twisted.ensureDeferred
async def test_an_accent_more_or_less_is_no_matter(house: House) -> None:
    house.say("un café noir", "CAFE", "Ünïcode")
    await house.settle()
    assert await search(house, "cafe") == ["un café noir", "CAFE"]
    assert await search(house, "CAFÉ") == ["un café noir", "CAFE"]
    assert await search(house, "unicode") == ["Ünïcode"]


@pytest_twisted.ensureDeferred
async def test_words_of_every_script_are_found(house: House) -> None:
    every = ["日本語", "привет", "שלום", "مرحبا", "नमस्ते", "e\u0301te"]
    house.say(*[f"ah, {text} !" for text in every])
    await house.settle()
    for text in every:
        assert await search(house, text) == [f"ah, {text} !"]


@pytest_twisted.ensureDeferred
async def test_what_is_no_word_hides_nothing_that_has_the_words(house: House) -> None:
    every = ['"', "+", "''", "--", "\\", "%", "_", "?", "!", "🎉"]
    house.say(*[f"hay{number} {mark} straw" for number, mark in enumerate(every)])
    await house.settle()
    for number, mark in enumerate(every):
        assert await search(house, f"hay{number} {mark}") == [f"hay{number} {mark} straw"]


@pytest_twisted.ensureDeferred
async def test_what_is_no_word_is_found_too(house: House) -> None:
    every = ["🎉", "👩\u200d💻", ":-)", "!!"]
    house.say(*[f"ah {text} yes" for text in every])
    await house.settle()
    for text in every:
        assert await search(house, text) == [f"ah {text} yes"]


@pytest_twisted.ensureDeferred
async def test_all_of_many_words_are_looked_for(house: House) -> None:
    house.say("a b c d e f g h", "a b c d e f g")
    await house.settle()
    assert await search(house, "a b c d e f g h") == ["a b c d e f g h"]
    assert await search(house, "A B C D E F G") == ["a b c d e f g h", "a b c d e f g"]


@pytest_twisted.ensureDeferred
async def test_one_word_of_many_is_looked_for_like_the_others(house: House) -> None:
    house.say("a b c d e café")
    await house.settle()
    assert await search(house, "cafe e d c b a") == ["a b c d e café"]
    assert await search(house, "a b c d e cafe") == ["a b c d e café"]


@pytest_twisted.ensureDeferred
async def test_a_search_of_some_logs_finds_nothing_of_others(house: House) -> None:
    house.say("needle 1")
    house.say("needle 2", log="@ann")
    house.say("needle 3", log="@bob")
    await house.settle()
    assert await search(house, "needle", LOBBY, "@ann") == ["needle 1", "needle 2"]
    assert await search(house, "from:ann", "@cy") == []


@pytest_twisted.ensureDeferred
async def test_what_stands_around_is_of_the_same_log(house: House) -> None:
    house.say("1", "needle")
    house.say("private", log="@bob")
    house.say("2", "3")
    await house.settle()
    page = await house.archive.look(Query((LOBBY,), words=("needle",), around=True))
    assert texts(page.entries) == ["1", "needle", "2"]
    assert page.found == (page.entries[1].id,)


@pytest_twisted.ensureDeferred
async def test_what_stands_around_two_is_told_once(house: House) -> None:
    house.say("needle 1", "between", "needle 2", "needle 3", "after", "far")
    await house.settle()
    page = await house.archive.look(Query((LOBBY,), words=("needle",), around=True))
    assert texts(page.entries) == ["needle 1", "between", "needle 2", "needle 3", "after"]
    assert len(page.found) == 3


@pytest_twisted.ensureDeferred
async def test_the_pages_of_a_search_go_back_to_the_first(house: House) -> None:
    house.say(*[f"{('hay', 'needle')[number % 2]} {number}" for number in range(100)])
    await house.settle()
    pages = await house.pages(Query((LOBBY,), words=("needle",), limit=20, around=True))
    found = [number for page in pages[::-1] for number in page.found]
    assert found == [one.id for one in house.told.entries][1::2]
    assert len(pages) == 3


@pytest_twisted.ensureDeferred
async def test_a_search_begins_where_it_is_told_to(house: House) -> None:
    house.say(*[f"needle {number}" for number in range(9)])
    await house.settle()
    ids = house.told.ids(LOBBY)
    query = Query((LOBBY,), words=("needle",), after=ids[2], before=ids[5])
    assert await house.found(query) == ["needle 3", "needle 4"]


@pytest_twisted.ensureDeferred
async def test_the_last_lines_are_looked_through_letter_by_letter(house: House) -> None:
    house.say("Straße", "50% of_it", "cafe", "日本語を話す")
    await house.settle()
    for text, wanted in (("STRASS", 0), ("0% o", 1), ("_", 1), ("本語", 3)):
        assert await house.found(Query((LOBBY,), text=text)) == [house.told.texts(LOBBY)[wanted]]
    assert await house.found(Query((LOBBY,), text="café")) == []


@pytest_twisted.ensureDeferred
async def test_a_search_that_takes_too_long_is_refused_in_words(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.say(*["needle"] * 300)
    await house.settle()
    with monkeypatch.context() as patched:
        patched.setattr("twisted_chat.stores.reading.LONGEST", -1.0)
        patched.setattr("twisted_chat.stores.reading.STEPS", 1)
        with pytest.raises(Refusal, match="takes too long") as refused:
            await search(house, "needle")
    assert refused.value.code == "search-too-long"
    assert len(await search(house, "needle")) == 20


@pytest_twisted.ensureDeferred
async def test_a_file_that_is_opened_again_is_searched_as_before(
    houses: Houses, house: House
) -> None:
    house.say("needle 1")
    again = await houses.reopen(house)
    again.say("needle 2")
    await again.settle()
    assert await search(again, "needle") == ["needle 1", "needle 2"]


@pytest_twisted.ensureDeferred
async def test_what_was_pasted_and_what_a_topic_was_are_found(house: House) -> None:
    house.publish(Pasted("ann", "one\r\n\ta needle\nthree", 1))
    house.publish(TopicSet("ann", "needles and a needle"))
    await house.settle()
    assert await search(house, "needle") == ["one\r\n\ta needle\nthree", ""]
    assert await house.found(Query((LOBBY,), text="NEEDLE\nthr")) == [texts(house.told.entries)[0]]
    assert len(await house.look(Query((LOBBY,), text="needles"))) == 1


# floors, and pastes by their number


@pytest.mark.parametrize(
    "asked", [{}, {"forward": True}, {"words": ("needle",)}, {"text": "needle"}]
)
@pytest_twisted.ensureDeferred
async def test_nothing_is_found_below_the_floor_of_its_log(
    house: House, asked: dict[str, object]
) -> None:
    for number in range(6):
        house.say(f"needle {number}", log=("#a", "#b")[number % 2])
    await house.settle()
    floors = (("#a", house.told.ids("#a")[1]), ("#b", house.told.ids("#b")[0]), ("#c", END))
    query = Query(("#a", "#b"), floors=floors, **asked)  # type: ignore[arg-type]
    assert await house.found(query) == ["needle 3", "needle 4", "needle 5"]


@pytest_twisted.ensureDeferred
async def test_what_stands_around_is_not_below_the_floor(house: House) -> None:
    house.say("secret", "needle", "after")
    await house.settle()
    floors = ((LOBBY, house.told.ids(LOBBY)[0]),)
    query = Query((LOBBY,), words=("needle",), around=True, floors=floors)
    assert await house.found(query) == ["needle", "after"]


@pytest_twisted.ensureDeferred
async def test_the_floor_of_one_log_holds_on_every_page(house: House) -> None:
    house.say(*map(str, range(50)))
    await house.settle()
    query = Query((LOBBY,), limit=7, floors=((LOBBY, house.told.ids(LOBBY)[19]),))
    assert texts(await house.look(query)) == [str(number) for number in range(49, 19, -1)]


@pytest_twisted.ensureDeferred
async def test_a_paste_is_found_by_its_number_as_it_came(house: House) -> None:
    text = "\x1b[2J\ta\r\n\n\x00b\r"
    for number, log in ((6, LOBBY), (7, LOBBY), (8, "@bob")):
        house.publish(Pasted("ann", f"{text}{number}", number), log)
    house.say("7")
    await house.settle()
    assert await house.found(Query((LOBBY, "@bob"), number=7)) == [f"{text}7"]
    assert await house.found(Query((LOBBY,), number=8)) == []
    assert await house.found(Query((LOBBY,), number=9)) == []


@pytest_twisted.ensureDeferred
async def test_a_paste_below_the_floor_is_not_found(house: House) -> None:
    house.publish(Pasted("ann", "secret", 7))
    await house.settle()
    [number] = house.told.ids(LOBBY)
    assert await house.found(Query((LOBBY,), number=7, floors=((LOBBY, number),))) == []
    assert await house.found(Query((LOBBY,), number=7, floors=((LOBBY, number - 1),))) == ["secret"]


@pytest.mark.parametrize("asked", [{}, {"words": ("needle",)}, {"text": "n"}, {"number": 7}])
@pytest_twisted.ensureDeferred
async def test_in_no_log_nothing_is_found(house: House, asked: dict[str, object]) -> None:
    house.publish(Pasted("ann", "needle", 7))
    await house.settle()
    assert await house.found(Query((), **asked)) == []  # type: ignore[arg-type]


# somebody who is in a hundred rooms

ROOMS = tuple(f"#{number}" for number in range(100))


def steps(file: sqlite3.Connection, query: Query) -> int:
    """What SQLite does for a page, in steps of its machine: how long that takes is no matter."""
    counted: list[None] = []
    file.set_progress_handler(lambda: counted.append(None), 100)
    assert list(islice(reading._matching(file, query), query.limit + 1))
    return 100 * len(counted)


@pytest.mark.parametrize("asked", [{}, {"forward": True}, {"words": ("needle",)}, {"number": 7}])
@pytest_twisted.ensureDeferred
async def test_a_query_of_a_hundred_rooms_does_not_read_all_of_them(
    houses: Houses, house: House, asked: dict[str, object]
) -> None:
    """All of it would be 230,000 steps by the index, and 90,000 without."""
    house.publish(Pasted("ann", "a needle", 7), ROOMS[50])
    for room in ROOMS:
        house.say(*["a needle"] * 100, log=room)
    await house.settle()
    await search(house, "needle", *ROOMS)
    query = Query(ROOMS, **asked)  # type: ignore[arg-type]
    assert steps(houses.other_program(), query) < 30_000
