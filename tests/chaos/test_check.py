"""The checker finds what is wrong: each of the faults that it is there for."""

from tests.chaos import check
from tests.chaos.book import EVERYONE, LOBBY, Book, Evening, Message
from tests.chaos.check import Fault

KEPT = [10, 20, 30, 40]


def reader(*read: int, after: int = 0) -> list[Fault]:
    return list(check.of_reader("ann", list(read), KEPT, after))


def talker(said: int, receipts: dict[int, int], *kept: tuple[int, int]) -> list[Fault]:
    return list(check.of_talker("ann", said, receipts, kept))


def entry(number: int, **fields: object) -> Message:
    return {"type": "said", "id": number, "room": LOBBY, "name": "ann", "text": "hi"} | fields


def test_whoever_read_all_of_it_has_no_fault() -> None:
    assert reader(10, 20, 30, 40) == []


def test_a_newcomer_need_not_have_read_what_was_before() -> None:
    assert reader(30, 40, after=29) == []
    assert reader(after=40) == []


def test_an_entry_in_the_middle_was_lost() -> None:
    assert reader(10, 20, 40) == [Fault("lost", "ann", 1, 30)]


def test_the_last_entries_were_lost() -> None:
    assert reader(10, 20) == [Fault("lost", "ann", 2, 30)]


def test_an_entry_was_doubled() -> None:
    assert reader(10, 20, 20, 30, 40) == [Fault("doubled", "ann", 1, 20)]


def test_entries_were_out_of_order() -> None:
    assert reader(10, 30, 20, 40) == [Fault("out of order", "ann", 1, 20)]


def test_an_entry_was_told_that_is_not_in_the_file() -> None:
    assert reader(10, 20, 25, 30, 40) == [Fault("not in the file", "ann", 1, 25)]


def test_a_talker_whose_lines_are_all_there_has_no_fault() -> None:
    assert talker(2, {1: 10, 2: 20}, (1, 10), (2, 20)) == []


def test_a_line_was_confirmed_that_is_not_in_the_file() -> None:
    found = talker(2, {1: 10, 2: 20}, (1, 10))
    assert found == [Fault("lost", "ann", 1, 2), Fault("not in the file", "ann", 1, 2)]


def test_a_line_has_another_id_than_its_receipt() -> None:
    assert talker(1, {1: 11}, (1, 10)) == [Fault("not in the file", "ann", 1, 1)]


def test_a_line_was_said_twice() -> None:
    assert talker(1, {1: 20}, (1, 10), (1, 20)) == [Fault("doubled", "ann", 1, 1)]


def test_lines_were_kept_in_another_order() -> None:
    found = talker(2, {1: 20, 2: 10}, (2, 10), (1, 20))
    assert found == [Fault("out of order", "ann", 1, 1)]


def test_an_entry_was_told_otherwise_than_it_is_in_the_file() -> None:
    assert list(check.of_contents({10: 1, 20: 2}, {10: 1, 20: 3, 30: 4})) == [
        Fault("altered", "the file", 1, 20)
    ]


def test_two_readers_were_told_different_things() -> None:
    evening = Evening(port=0)
    Book("ann", evening, {}).note(entry(10))
    Book("bob", evening, {}).note(entry(10, text="ho"))
    assert evening.complaints == ["bob: 10 is not what others were told"]


def test_something_earlier_came_after_something_live() -> None:
    evening = Evening(port=0)
    book = Book("ann", evening, {})
    book.note(entry(10))
    book.note(entry(20, earlier=True))
    assert evening.complaints == ["ann: 20 is earlier, after live ones"]


def test_a_book_reads_on_from_its_last_entry_or_from_where_its_owner_came() -> None:
    book = Book("ann", Evening(port=0), {})
    book.note(entry(10))
    book.comes_in(last=15)
    assert book.places == {LOBBY: 10, EVERYONE: 15}
    assert book.begun == {LOBBY: 9}
