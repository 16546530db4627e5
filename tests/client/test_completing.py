"""What Tab proposes."""

from twisted_chat.client.completing import MOST, Known, Proposal, proposals
from twisted_chat.core.requests import Right
from twisted_chat.speech.commands import COMMANDS

GUESTS = [command for command in COMMANDS if command.request.needs <= Right.GUEST]
KNOWN = Known(GUESTS, ["dora", "Dan", "ann"], ["#lobby", "#lab", "#garden"])


def texts(before: str, known: Known = KNOWN) -> list[str]:
    return [proposal.text for proposal in proposals(before, known)]


def test_a_command_is_proposed_with_its_usage_and_what_it_does() -> None:
    (msg,) = proposals("/ms", KNOWN)
    assert msg == Proposal("/msg ", "/msg NAME TEXT", "tell it to one person alone", 3)


def test_a_command_without_arguments_is_whole() -> None:
    assert texts("/mor") == ["/more"]


def test_what_one_may_not_do_is_not_proposed() -> None:
    assert "/kick " not in texts("/k")
    assert "/kick " in texts("/k", Known(COMMANDS, [], []))


def test_a_name_at_the_start_of_a_line_is_spoken_to() -> None:
    assert texts("d") == ["dora: ", "Dan: "]
    assert texts("ask d") == ["dora ", "Dan "]
    assert texts("/msg d") == ["dora ", "Dan "]


def test_names_come_in_the_order_in_which_people_spoke() -> None:
    assert texts("") == ["dora: ", "Dan: ", "ann: "]


def test_a_name_is_found_however_it_is_written() -> None:
    assert texts("hi DA") == ["Dan "]
    assert texts("@da") == ["@Dan "]


def test_rooms() -> None:
    assert texts("#la") == ["#lab "]
    assert texts("/join #") == ["#lobby ", "#lab ", "#garden "]


def test_help_is_for_a_command() -> None:
    assert texts("/help joi") == ["join"]


def test_the_second_line_of_several_is_no_start() -> None:
    assert texts("one\nd") == ["dora ", "Dan "]


def test_there_are_never_too_many() -> None:
    crowd = Known([], [f"name{number}" for number in range(1000)], [])
    assert len(texts("n", crowd)) == MOST
