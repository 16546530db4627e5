"""Many lines at once, as a person pastes them."""

import pytest

from tests.doors.house import House, KeepingStore
from tests.doors.houses import forget
from tests.doors.test_line import JsonSpeech, TextSpeech
from tests.times import TIMES
from twisted_chat.core import chat
from twisted_chat.core.chat import Chat
from twisted_chat.core.events import Pasted, Said
from twisted_chat.core.limits import Allowance
from twisted_chat.gather import ALONE, QUIET
from twisted_chat.speech.entries import WHOLE

CODE = ["def f():", "\treturn 1  ", "", "  # caf\u00e9", "// end"]


@pytest.fixture
def house() -> House:
    house = House(TextSpeech())
    house.chat = Chat(chat.House(kept="forever"))
    house.store = KeepingStore(TIMES.now)
    house.allowance = Allowance(rate=10.0, burst=40.0)
    return house.open()


def events(house: House) -> list[object]:
    assert isinstance(house.store, KeepingStore)
    return [entry.event for entry in house.store.shelf.entries]


def test_a_line_alone_is_said_when_no_other_is_behind_it(house: House) -> None:
    ann, bob = house.enter("ann", "bob")
    ann.sends_at_once(b"hello\n")
    house.clock.advance(ALONE)
    house.clock.advance(0)
    assert bob.reads() == ["ann: hello"]


def test_two_or_three_lines_are_said_one_by_one(house: House) -> None:
    ann, bob = house.enter("ann", "bob")
    ann.says("one", "two", "three")
    house.passes(QUIET)
    assert bob.reads() == ["ann: one", "ann: two", "ann: three"]
    assert events(house) == [Said("ann", "one"), Said("ann", "two"), Said("ann", "three")]


def test_more_are_one_entry_byte_for_byte(house: House) -> None:
    ann, bob = house.enter("ann", "bob")
    ann.says(*CODE)
    house.passes(QUIET)
    [pasted] = events(house)
    assert pasted == Pasted("ann", "\n".join(CODE), 1)
    assert len(bob.reads()) == len(CODE)


def test_lines_that_end_in_cr_lf_are_kept_without_it(house: House) -> None:
    [ann] = house.enter("ann")
    ann.sends("\r\n".join([*CODE, ""]).encode())
    house.passes(QUIET)
    [pasted] = events(house)
    assert pasted == Pasted("ann", "\n".join(CODE), 1)


def test_a_long_paste_is_folded_and_shown_whole_to_who_asks(house: House) -> None:
    ann, bob = house.enter("ann", "bob")
    lines = [f"line {number}" for number in range(WHOLE + 1)]
    ann.says(*lines)
    house.passes(QUIET)
    assert bob.reads() == [f"-- ann pasted {len(lines)} lines, /show 1 shows them"]
    bob.says("/show 1")
    shown = bob.reads()
    assert [line for line in shown if line.endswith("line 12")]
    assert len(shown) >= len(lines)


def test_a_command_ends_it_and_comes_after(house: House) -> None:
    ann, bob = house.enter("ann", "bob")
    ann.sends_at_once(b"a\nb\nc\nd\n/me waves\n")
    house.clock.advance(0)
    assert bob.reads() == ["ann: a", "ann: b", "ann: c", "ann: d", "* ann waves"]
    assert [type(event).__name__ for event in events(house)] == ["Pasted", "Acted"]


def test_exit_in_the_middle_of_a_script_is_a_line_of_it(house: House) -> None:
    ann, bob = house.enter("ann", "bob")
    ann.sends_at_once(b"a\nb\nexit\nc\n")
    house.passes(QUIET)
    assert bob.reads() == ["ann: a", "ann: b", "ann: exit", "ann: c"]
    assert ann.here


def test_exit_behind_a_paste_leaves(house: House) -> None:
    ann, bob = house.enter("ann", "bob")
    ann.says("a", "b", "c", "d", "exit")
    assert bob.reads() == ["ann: a", "ann: b", "ann: c", "ann: d", "-- ann left"]
    assert not ann.here


def test_say_is_a_command_and_no_part_of_a_paste(house: House) -> None:
    ann, bob = house.enter("ann", "bob")
    ann.says("/say exit", "//etc", "hello")
    house.passes(QUIET)
    assert bob.reads() == ["ann: exit", "ann: /etc", "ann: hello"]


def test_the_end_of_the_input_ends_it(house: House) -> None:
    ann, bob = house.enter("ann", "bob")
    ann.sends_at_once(b"a\nb\nc\nd\n")
    ann.ends_input()
    assert bob.reads()[:4] == ["ann: a", "ann: b", "ann: c", "ann: d"]
    assert events(house) == [Pasted("ann", "a\nb\nc\nd", 1)]


def test_the_end_of_the_connection_ends_it(house: House) -> None:
    ann, bob = house.enter("ann", "bob")
    ann.sends_at_once(b"a\nb\nc\nd\n")
    ann.vanishes()
    assert events(house) == [Pasted("ann", "a\nb\nc\nd", 1)]
    assert bob.reads()[-1:] == ["-- ann left (connection lost)"]
    house.passes(1)
    assert not house.clock.getDelayedCalls()


def test_who_is_sent_away_in_the_middle_of_it_leaves_no_timer(house: House) -> None:
    ann, bob = house.enter("ann", "bob")
    ann.sends_at_once(b"a\nb\nc\nd\n")
    house.kick("ann", "spam")
    house.passes(1)
    assert not [line for line in bob.reads() if line.startswith("ann:")]
    assert not house.clock.getDelayedCalls()


def test_a_line_that_cannot_be_read_comes_after_what_was_gathered(house: House) -> None:
    ann, bob = house.enter("ann", "bob")
    ann.sends(b"a\nb\nc\nd\n\xff\n".replace(b"\xff", b"caf\xe9"))
    assert events(house) == [Pasted("ann", "a\nb\nc\nd", 1)]
    assert ann.reads()[-1].startswith("-- not sent: that line is not UTF-8.")
    forget(bob)


def test_a_paste_goes_to_whom_one_talks_to_alone(house: House) -> None:
    ann, bob, cy = house.enter("ann", "bob", "cy")
    ann.says("/query bob")
    ann.says("a", "b", "c", "d")
    house.passes(QUIET)
    assert cy.reads() == []
    assert bob.reads() == [f"[ann] {line}" for line in "abcd"]
    assert ann.reads()[1:] == [f"[to bob] {line}" for line in "abcd"]


def test_where_no_pace_is_kept_lines_are_taken_as_they_come() -> None:
    house = House(TextSpeech()).open()
    ann, bob = house.enter("ann", "bob")
    ann.sends_at_once(b"a\nb\nc\nd\ne\n")
    house.clock.advance(0)
    assert bob.reads() == [f"ann: {line}" for line in "abcde"]


def test_a_paste_that_is_redacted_is_shown_to_nobody(house: House) -> None:
    ann, bob = house.enter("ann", "bob")
    ann.says(*CODE)
    house.passes(QUIET)
    ann.says("/redact last")
    forget(bob)
    bob.says("/show 1")
    assert not [line for line in bob.reads() if "return" in line]


def test_a_program_pastes_a_text_of_several_lines() -> None:
    house = House(JsonSpeech())
    house.store = KeepingStore(TIMES.now)
    ann, bob = house.open().enter("ann", "bob")
    ann.sends(b'{"do": "say", "text": "a\\n\\tb\\n\\nc"}\n')
    assert events(house) == [Pasted("ann", "a\n\tb\n\nc", 1)]
    assert len(bob.reads()) == 4
