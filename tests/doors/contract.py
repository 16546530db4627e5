"""What every door owes to the people who come through it: one suite, for all of them.

A door joins by a subclass whose name begins with Test and that says how one speaks there: see
``house.Speech``. What is read is compared as a person sees it, so a door for programs is read
through the eyes of its client.
"""

import pytest

from tests.conftest import Leftovers
from tests.doors.house import (
    LONGEST,
    BrokenChat,
    House,
    Person,
    Shelf,
    SlowStore,
    SpoiledStore,
    raises,
    refuses,
)
from tests.doors.houses import Houses
from twisted_chat.core import chat
from twisted_chat.core.chat import Chat
from twisted_chat.core.events import Joined
from twisted_chat.core.history import SHOWN
from twisted_chat.core.limits import Allowance
from twisted_chat.doors.porter import WORDS
from twisted_chat.visit import IN_FLIGHT
from twisted_chat.watch import Watch

MORE = "-- /more shows more"

KICKED = "-- ann was kicked by Server: spam (act 1)"

SIX = [f"/say {number}" for number in range(1, 7)]
"""Lines that are no paste."""


class DoorContract(Houses):
    """Subclass it and say how one speaks at the door."""

    # coming in

    def test_who_enters_is_welcomed_and_told_who_is_here(self, house: House) -> None:
        house.enter("ann")
        bob = house.arrives()
        bob.reads()
        bob.enters("bob")
        assert bob.reads() == [
            "Hello bob, you are now connected!",
            "-- 1 other is here: ann. /help shows what you can do; exit leaves.",
        ]

    def test_the_others_are_told_who_came(self, house: House) -> None:
        [ann] = house.enter("ann")
        house.enter("bob")
        assert ann.reads() == ["-- bob joined"]

    def test_a_taken_name_is_refused_with_one_that_is_free_and_can_be_tried(
        self, house: House
    ) -> None:
        house.enter("ann")
        other = house.arrives()
        other.reads()
        other.enters("ANN")
        [refusal] = other.reads()
        assert "taken" in refusal
        assert "ANN2 is free" in refusal
        other.enters("ANN2")
        assert other.reads()[0] == "Hello ANN2, you are now connected!"

    def test_who_has_no_name_is_read_by_nobody_and_reads_nothing(self, house: House) -> None:
        [ann] = house.enter("ann")
        stranger = house.arrives()
        stranger.reads()
        stranger.says("/me waves")
        ann.says("hello")
        assert ann.reads() == []
        assert stranger.reads() == ["-- Give your name first."]

    # talking

    def test_what_one_says_reaches_all_others_and_not_oneself(self, house: House) -> None:
        ann, bob, cy = house.enter("ann", "bob", "cy")
        ann.says("hello")
        assert bob.reads() == cy.reads() == ["ann: hello"]
        assert ann.reads() == []

    def test_lines_arrive_in_the_order_in_which_they_were_said(self, house: House) -> None:
        ann, bob, cy = house.enter("ann", "bob", "cy")
        ann.says("one", "two")
        bob.says("three")
        ann.says("four")
        assert cy.reads() == ["ann: one", "ann: two", "bob: three", "ann: four"]

    def test_a_line_that_comes_in_pieces_is_one_line(self, house: House) -> None:
        ann, bob = house.enter("ann", "bob")
        for byte in self.speech.says("hello"):
            ann.sends(bytes([byte]))
        assert bob.reads() == ["ann: hello"]

    def test_a_private_message_is_read_by_one_and_copied_to_the_other(self, house: House) -> None:
        ann, bob, cy = house.enter("ann", "bob", "cy")
        ann.says("/msg bob psst")
        assert bob.reads() == ["[ann] psst"]
        assert ann.reads() == ["[to bob] psst"]
        assert cy.reads() == []

    def test_reply_goes_to_who_wrote_last(self, house: House) -> None:
        ann, bob, cy = house.enter("ann", "bob", "cy")
        ann.says("/msg cy one")
        bob.says("/msg cy two")
        for person in (ann, bob, cy):
            person.reads()
        cy.says("/reply yes")
        assert bob.reads() == ["[cy] yes"]
        assert ann.reads() == []

    def test_a_private_message_goes_to_who_has_the_name_now(self, house: House) -> None:
        ann, bob, cy = house.enter("ann", "bob", "cy")
        for person, line in [
            (bob, "/msg ann one"),
            (ann, "/nick zoe"),
            (cy, "/nick ann"),
            (bob, "/msg ann two"),
        ]:
            person.sends_at_once(self.speech.says(line))
        house.turn()
        assert [line for line in ann.reads() if line.startswith("[")] == ["[bob] one"]
        assert [line for line in cy.reads() if line.startswith("[")] == ["[bob] two"]

    def test_the_next_owner_of_a_name_has_an_inbox_of_her_own(self, house: House) -> None:
        ann, bob = house.enter("ann", "bob")
        ann.reads_no_more()  # she lags from here on
        bob.says("/msg ann one")
        ann.vanishes()
        [heir] = house.enter("ann")
        bob.says("/msg ann two")
        assert heir.reads() == ["[bob] two"]

    def test_me_tells_what_one_does(self, house: House) -> None:
        ann, bob = house.enter("ann", "bob")
        ann.says("/me waves")
        assert bob.reads() == ["* ann waves"]
        assert ann.reads() == []

    def test_a_new_name_is_told_to_all_and_stands_before_what_is_said(self, house: House) -> None:
        ann, bob = house.enter("ann", "bob")
        ann.says("/nick zoe", "hello")
        assert ann.reads() == ["-- you are zoe now"]
        assert bob.reads() == ["-- ann is zoe now", "zoe: hello"]

    def test_no_control_character_reaches_another(self, house: House) -> None:
        ann, bob = house.enter("ann", "bob")
        ann.says("red \x1b[31malert\x07\x1b[0m", "a\u202egnp.exe")
        assert bob.reads() == ["ann: red alert"]
        [refusal] = ann.reads()
        assert "a character that turns round what is read (U+202E)" in refusal

    # asking

    def test_who_tells_names_and_times(self, house: House) -> None:
        [ann] = house.enter("ann")
        house.clock.advance(60)
        ann.says("/who")
        assert ann.reads() == ["-- 1 is here", "--   ann  here 1m, idle 1m"]

    def test_names_are_listed(self, house: House) -> None:
        ann, _ = house.enter("ann", "bob")
        ann.says("/names")
        assert ann.reads() == ["-- 2 are here: ann, bob"]

    def test_help_shows_what_one_may_and_not_what_the_operator_may(self, house: House) -> None:
        [ann] = house.enter("ann")
        ann.says("/help")
        shown = "\n".join(ann.reads())
        assert "/msg NAME TEXT" in shown
        assert "/kick" not in shown

    def test_an_unknown_command_is_refused_and_the_talk_goes_on(self, house: House) -> None:
        ann, bob = house.enter("ann", "bob")
        ann.says("/frobnicate", "hello")
        [refusal] = ann.reads()
        assert refusal.startswith("-- There is no /frobnicate.")
        assert bob.reads() == ["ann: hello"]

    def test_what_only_the_operator_may_is_refused(self, house: House) -> None:
        ann, bob = house.enter("ann", "bob")
        ann.says("/kick bob")
        [refusal] = ann.reads()
        assert "Only the operator" in refusal
        assert bob.here

    # going

    def test_who_leaves_reads_goodbye_and_is_disconnected(self, house: House) -> None:
        ann, bob = house.enter("ann", "bob")
        ann.says("exit")
        assert ann.reads() == ["Goodbye!"]
        assert not ann.here
        assert bob.reads() == ["-- ann left"]

    def test_goodbye_comes_last(self, house: House) -> None:
        ann, bob = house.enter("ann", "bob")
        ann.says("/msg bob psst", "exit", "/names", "never said")
        assert ann.reads() == ["[to bob] psst", "Goodbye!"]
        assert bob.reads() == ["[ann] psst", "-- ann left"]

    def test_an_over_long_line_after_the_leave_is_not_answered(self, house: House) -> None:
        [ann] = house.enter("ann")
        ann.sends(self.speech.says("exit") + b"x" * 2 * self.speech.longest + b"\n")
        assert ann.reads() == ["Goodbye!"]

    def test_who_is_kicked_is_told_why_and_so_are_the_others(self, house: House) -> None:
        ann, bob = house.enter("ann", "bob")
        house.kick("ann", "spam")
        assert ann.reads() == ["-- You were kicked by Server: spam", "Goodbye!"]
        assert not ann.here
        assert bob.reads() == [KICKED, "-- ann left (kicked: spam)"]

    def test_who_vanishes_is_noticed_and_the_name_is_free(self, house: House) -> None:
        ann, bob = house.enter("ann", "bob")
        ann.vanishes()
        assert bob.reads() == ["-- ann left (connection lost)"]
        house.enter("ann")
        assert bob.reads() == ["-- ann joined"]

    def test_a_closed_connection_leaves_no_timer(self, house: House) -> None:
        [ann] = house.enter("ann")
        ann.says("exit")
        assert not house.clock.getDelayedCalls()

    def test_the_end_of_the_input_is_a_leave_after_all_was_answered(self, house: House) -> None:
        ann, bob = house.enter("ann", "bob")
        ann.sends_at_once(self.speech.says("hello") + self.speech.says("/names"))
        ann.ends_input()
        assert ann.reads() == ["-- 2 are here: ann, bob", "Goodbye!"]
        assert not ann.here
        assert bob.reads() == ["ann: hello", "-- ann left (connection closed)"]

    def test_a_last_line_without_an_end_is_not_said(self, house: House) -> None:
        ann, bob = house.enter("ann", "bob")
        ann.sends_at_once(self.speech.says("hello").rstrip())
        ann.ends_input()
        assert ann.reads() == ["-- not sent: the last line had no end", "Goodbye!"]
        assert bob.reads() == ["-- ann left (connection closed)"]

    # lines that cannot be read

    @pytest.mark.parametrize("more", [1, 2, 100, 1000])
    def test_a_line_that_is_too_long_is_refused_and_the_next_is_read(
        self, house: House, more: int
    ) -> None:
        ann, bob = house.enter("ann", "bob")
        ann.sends(b"x" * (self.speech.longest + more) + b"\n" + self.speech.says("hello"))
        assert ann.reads() == [f"-- not sent: that line has more than {LONGEST} bytes"]
        assert bob.reads() == ["ann: hello"]

    def test_a_line_that_is_too_long_and_comes_in_pieces_is_refused_once(
        self, house: House
    ) -> None:
        ann, bob = house.enter("ann", "bob")
        for _ in range(7):
            ann.sends(b"x" * self.speech.longest)
        ann.sends(b"\n" + self.speech.says("hello"))
        assert ann.reads() == [f"-- not sent: that line has more than {LONGEST} bytes"]
        assert bob.reads() == ["ann: hello"]

    def test_what_is_not_utf_8_is_refused_and_the_next_line_is_read(self, house: House) -> None:
        ann, bob = house.enter("ann", "bob")
        ann.sends(b"caf\xe9\n" + self.speech.says("hello"))
        [refusal] = ann.reads()
        assert refusal.startswith("-- not sent: that line is not UTF-8.")
        assert bob.reads() == ["ann: hello"]

    # limits

    def test_who_gives_no_name_in_time_must_go(self, house: House) -> None:
        stranger = house.arrives()
        house.passes(59)
        assert stranger.here
        stranger.reads()
        house.passes(1)
        assert stranger.reads() == [
            "-- No name was given within 1m. Connect again when you like.",
            "Goodbye!",
        ]
        assert not stranger.here

    def test_who_says_nothing_for_too_long_must_go(self, house: House) -> None:
        ann, bob = house.enter("ann", "bob")
        house.passes(500)
        bob.says("hello")
        ann.reads()
        house.passes(100)
        assert ann.reads() == ["-- You were silent for 10m.", "Goodbye!"]
        assert bob.reads() == ["-- ann left (idle)"]

    def test_who_reads_nothing_for_too_long_must_go(self, house: House) -> None:
        house.watch = Watch(naming=60.0, stalled=300.0)
        ann, bob = house.open().enter("ann", "bob")
        ann.reads_no_more()
        house.passes(300)
        assert not ann.here
        assert bob.reads() == ["-- ann left (did not read)"]

    def test_who_reads_again_in_time_may_stay(self, house: House) -> None:
        house.watch = Watch(naming=60.0, stalled=300.0)
        [ann] = house.open().enter("ann")
        ann.reads_no_more()
        house.passes(200)
        ann.reads_on()
        house.passes(200)
        assert ann.here

    def test_who_does_not_read_is_not_heard_until_she_does(self, house: House) -> None:
        ann, bob = house.enter("ann", "bob")
        ann.reads_no_more()
        ann.says("hello")
        assert ann.wire.producerState == "paused"
        assert bob.reads() == []
        ann.reads_on()
        house.turn()
        assert bob.reads() == ["ann: hello"]

    def test_who_lags_reads_on_without_a_gap_or_a_double(self, house: House) -> None:
        ann, bob = house.enter("ann", "bob")
        bob.says("one")
        ann.reads_no_more()
        bob.says("two")
        bob.says("three")
        ann.reads_on()
        house.turn()
        bob.says("four")
        assert ann.reads() == ["bob: one", "bob: two", "bob: three", "bob: four"]

    def flooded(self) -> tuple[House, Person, Person]:
        """Ann has said six lines at once where one a second is allowed, and three together."""
        house = House(self.speech)
        house.allowance = Allowance(rate=1.0, burst=3.0)
        ann, bob = house.open().enter("ann", "bob")
        house.clock.advance(10)
        ann.says(*SIX)
        return house, ann, bob

    def test_a_flood_is_read_no_more_and_told_so(self) -> None:
        _, ann, bob = self.flooded()
        assert ann.wire.producerState == "paused"
        assert bob.reads() == ["ann: 1", "ann: 2", "ann: 3"]
        assert ann.reads() == ["-- slowly, please: your lines are read at 1 a second; none is lost"]

    def test_a_flood_is_read_on_as_time_passes_and_nothing_is_lost(self) -> None:
        house, ann, bob = self.flooded()
        bob.reads()
        house.clock.advance(1)
        house.turn()
        assert bob.reads() == ["ann: 4"]
        for _ in range(3):
            house.clock.advance(1)
        house.turn()
        assert bob.reads() == ["ann: 5", "ann: 6"]
        assert ann.wire.producerState == "producing"

    def test_a_flood_that_ends_in_the_end_of_the_input_is_heard_whole(self) -> None:
        house, ann, bob = self.flooded()
        ann.ends_input()
        for _ in range(4):
            house.clock.advance(1)
            house.turn()
        assert bob.reads()[3:] == ["ann: 4", "ann: 5", "ann: 6", "-- ann left (connection closed)"]
        assert ann.reads()[-1] == "Goodbye!"

    def test_who_is_too_fast_and_does_not_read_is_heard_when_neither_holds(self) -> None:
        house, ann, bob = self.flooded()
        bob.reads()
        ann.reads_no_more()
        house.clock.advance(1)
        house.turn()
        assert bob.reads() == []
        ann.reads_on()
        house.turn()
        assert bob.reads() == ["ann: 4"]

    def test_a_flood_is_told_once(self) -> None:
        house, ann, _ = self.flooded()
        ann.reads()
        for _ in range(10):
            house.clock.advance(1)
        ann.says(*SIX)
        assert ann.reads() == []

    def test_over_long_lines_are_paced_too(self) -> None:
        house = House(self.speech)
        house.allowance = Allowance(rate=1.0, burst=3.0)
        [ann] = house.open().enter("ann")
        house.clock.advance(10)
        ann.sends((b"x" * 2 * self.speech.longest + b"\n") * 6)
        assert ann.wire.producerState == "paused"
        assert ann.reads().count(f"-- not sent: that line has more than {LONGEST} bytes") == 3

    def test_a_flood_is_heard_to_the_end_though_its_speaker_is_gone(self) -> None:
        house, ann, bob = self.flooded()
        bob.reads()
        ann.vanishes()
        for _ in range(4):
            house.clock.advance(1)
            house.turn()
        assert bob.reads() == ["ann: 4", "ann: 5", "ann: 6", "-- ann left (connection lost)"]
        assert not house.clock.getDelayedCalls()

    def test_one_too_many_is_told_so_and_closed(self) -> None:
        house = House(self.speech, most=2).open()
        house.enter("ann", "bob")
        late = house.arrives()
        told = late.wire.value()
        assert told == b"-- The chat is full (2 of 2). Please try again later.\r\n"
        assert not late.here

    def test_however_many_come_one_after_another_each_is_told(self) -> None:
        house = House(self.speech, most=1).open()
        house.enter("ann")
        for number in range(100):
            late = house.arrives(f"10.0.0.{number}")
            assert b"The chat is full" in late.wire.value()

    def test_in_a_storm_from_one_address_some_just_end(self) -> None:
        house = House(self.speech, most=1).open()
        house.enter("ann")
        late = [house.arrives() for _ in range(20)]
        told = [one for one in late if b"The chat is full" in one.wire.value()]
        assert len(told) == WORDS.burst
        assert not any(one.here for one in late)

    def test_a_place_is_free_when_somebody_has_left(self) -> None:
        house = House(self.speech, most=2).open()
        ann, _ = house.enter("ann", "bob")
        ann.says("exit")
        [cy] = house.enter("cy")
        assert cy.here

    # bugs, and stores that fail

    def test_a_bug_costs_its_connection_a_sentence_and_that_connection_only(
        self, leftovers: Leftovers
    ) -> None:
        house = House(self.speech)
        house.chat = BrokenChat()
        ann, bob, cy = house.open().enter("ann", "bob", "cy")
        ann.says("/me breaks it")
        assert ann.reads() == [
            "-- Something went wrong in the chat itself. Please connect again.",
            "Goodbye!",
        ]
        assert not ann.here
        cy.says("hello")
        assert bob.reads() == ["-- ann left (an error)", "cy: hello"]
        [logged] = leftovers.flush()
        assert logged["log_failure"].check(ZeroDivisionError)

    def test_a_bug_in_the_store_closes_the_connection_that_met_it(
        self, leftovers: Leftovers
    ) -> None:
        house = House(self.speech)
        house.store = SpoiledStore(raises)
        ann, bob = house.open().enter("ann", "bob")
        ann.says("hello")
        [logged] = leftovers.flush()
        assert logged["log_failure"].check(ZeroDivisionError)
        assert bob.reads() == ["-- ann left (an error)"]
        assert ann.reads()[-1:] == ["Goodbye!"]
        assert not ann.here

    def test_a_store_that_refuses_tells_the_asker_and_nobody_else(self) -> None:
        house = House(self.speech)
        house.store = SpoiledStore(refuses)
        ann, bob, cy = house.open().enter("ann", "bob", "cy")
        ann.says("hello", "/msg bob psst")
        sentence = "-- not sent: the chat cannot keep it just now. Please try again."
        assert ann.reads() == [sentence, sentence]
        assert bob.reads() == cy.reads() == []

    def test_who_cannot_come_in_because_nothing_can_be_kept_is_told_so(self) -> None:
        house = House(self.speech)
        house.store = SpoiledStore(refuses, (Joined,))
        ann = house.open().arrives()
        ann.enters("ann")
        sentence = "-- not sent: the chat cannot keep it just now. Please try again."
        assert ann.reads()[-2:] == [sentence, "Goodbye!"]
        assert (ann.here, house.chat.members, house.hub.sessions) == (False, {}, {})

    def test_who_was_refused_by_the_store_goes_on_to_be_answered(self) -> None:
        house = House(self.speech)
        house.store = SpoiledStore(refuses)
        [ann] = house.open().enter("ann")
        ann.says("hello", "/names", "exit")
        assert ann.reads()[1:] == ["-- 1 is here: ann", "Goodbye!"]
        assert not ann.here

    def test_the_end_of_the_input_waits_for_a_slow_store(self, slow_house: House) -> None:
        ann, bob = slow_house.enter("ann", "bob")
        self.slow(slow_house).slow = True
        ann.sends_at_once(b"".join(map(self.speech.says, ["/msg bob psst", "/names", "hello"])))
        ann.ends_input()
        for _ in range(3):
            self.slow(slow_house).bring()
            slow_house.turn()
        assert ann.reads() == ["[to bob] psst", "-- 2 are here: ann, bob", "Goodbye!"]
        assert bob.reads() == ["[ann] psst", "ann: hello", "-- ann left (connection closed)"]

    def test_a_bug_in_the_store_does_not_hinder_the_end(self, leftovers: Leftovers) -> None:
        house = House(self.speech)
        house.store = SpoiledStore(raises)
        [ann] = house.open().enter("ann")
        ann.says("hello")
        leftovers.flush()
        house.closes("")
        assert not ann.here

    def test_answers_follow_the_line_they_came_after_though_the_store_is_slow(
        self, slow_house: House
    ) -> None:
        ann, _ = slow_house.enter("ann", "bob")
        self.slow(slow_house).slow = True
        ann.says("/msg bob psst", "/names")
        assert ann.reads() == []
        self.slow(slow_house).bring()
        slow_house.turn()
        assert ann.reads() == ["[to bob] psst", "-- 2 are here: ann, bob"]

    def test_goodbye_comes_last_though_the_store_is_slow(self, slow_house: House) -> None:
        ann, _ = slow_house.enter("ann", "bob")
        self.slow(slow_house).slow = True
        ann.says("/msg bob psst", "/names", "exit")
        assert ann.reads() == []
        assert ann.here
        self.slow(slow_house).bring()
        slow_house.turn()
        assert ann.reads() == ["[to bob] psst", "-- 2 are here: ann, bob", "Goodbye!"]
        assert not ann.here

    def test_who_vanished_meanwhile_is_no_trouble_for_a_slow_store(self, slow_house: House) -> None:
        ann, bob = slow_house.enter("ann", "bob")
        self.slow(slow_house).slow = True
        ann.says("hello")
        ann.vanishes()
        self.slow(slow_house).bring()
        slow_house.turn()
        assert bob.reads() == ["ann: hello", "-- ann left (connection lost)"]

    def test_a_comer_whose_entry_is_slow_to_come_reads_on_by_her_new_name(
        self, slow_house: House
    ) -> None:
        [bob] = slow_house.enter("bob")
        self.slow(slow_house).slow = True
        ann = slow_house.arrives()
        ann.enters("ann")
        ann.says("/nick zoe")
        self.slow(slow_house).bring()
        self.slow(slow_house).slow = False
        slow_house.turn()
        bob.says("hello")
        assert "bob: hello" in ann.reads()

    def test_a_slow_private_message_finds_its_reader_by_her_new_name(
        self, slow_house: House
    ) -> None:
        ann, bob = slow_house.enter("ann", "bob")
        self.slow(slow_house).slow = True
        bob.says("/msg ann psst")
        ann.says("/nick zoe")
        self.slow(slow_house).bring()
        slow_house.turn()
        assert "[bob] psst" in ann.reads()

    def test_a_slow_private_message_is_not_read_by_who_takes_the_name_meanwhile(
        self, slow_house: House
    ) -> None:
        ann, bob = slow_house.enter("ann", "bob")
        self.slow(slow_house).slow = True
        bob.says("/msg ann psst")
        ann.vanishes()
        [heir] = slow_house.enter("ann")
        self.slow(slow_house).bring()
        slow_house.turn()
        assert heir.reads() == []
        assert bob.reads() == ["[to ann] psst", "-- ann left (connection lost)", "-- ann joined"]

    def test_a_private_message_that_comes_too_late_keeps_none_from_who_has_the_name_next(
        self, slow_house: House
    ) -> None:
        ann, bob = slow_house.enter("ann", "bob")
        self.slow(slow_house).slow = True
        bob.says("/msg ann psst")
        ann.vanishes()
        self.slow(slow_house).bring()
        self.slow(slow_house).slow = False
        [heir] = slow_house.enter("ann")
        bob.says("/msg ann hello")
        assert heir.reads() == ["[bob] hello"]

    def test_who_talks_faster_than_the_store_keeps_it_is_held(self, slow_house: House) -> None:
        store = self.slow(slow_house)
        ann, bob = slow_house.enter("ann", "bob")
        store.slow = True
        ann.says(*map(str, range(IN_FLIGHT + 5)))
        assert store.under_way == IN_FLIGHT
        assert ann.wire.producerState == "paused"
        for _ in range(2):
            store.bring()
            slow_house.turn()
        assert bob.reads() == [f"ann: {number}" for number in range(IN_FLIGHT + 5)]
        assert ann.wire.producerState == "producing"

    def test_who_is_held_by_a_slow_store_does_not_hold_others(self, slow_house: House) -> None:
        store = self.slow(slow_house)
        ann, bob = slow_house.enter("ann", "bob")
        store.slow = True
        ann.says(*map(str, range(IN_FLIGHT + 5)))
        bob.says("hello")
        assert store.under_way == IN_FLIGHT + 1

    # what was said before

    def test_what_was_said_can_be_read_again(self, kept_house: House) -> None:
        ann, bob = kept_house.enter("ann", "bob")
        bob.says("hello", "/me waves")
        ann.reads()
        ann.says("/history")
        assert ann.reads() == ["-- times are UTC:", "19:30 bob: hello", "19:30 * bob waves"]
        assert bob.reads() == []

    def test_a_long_answer_comes_page_by_page(self, kept_house: House) -> None:
        ann, _ = kept_house.enter("ann", "bob")
        ann.says(*map(str, range(SHOWN + 2)))
        ann.says("/history")
        first = ann.reads()
        assert first[1:] == [f"19:30 ann: {n}" for n in range(2, SHOWN + 2)] + [MORE]
        ann.says("/more", "/more")
        assert ann.reads() == [
            *("-- times are UTC:", "19:30 ann: 0", "19:30 ann: 1"),
            "-- There is nothing more to show. /history shows the last lines.",
        ]

    def test_where_nothing_was_found_it_is_told_in_words(self, kept_house: House) -> None:
        [ann] = kept_house.enter("ann")
        ann.says("/history", "/more")
        assert ann.reads() == [
            "-- Nothing was said then.",
            "-- There is nothing more to show. /history shows the last lines.",
        ]

    def test_what_is_asked_after_a_search_waits_for_what_it_finds(self, kept_house: House) -> None:
        shelf = self.shelf(kept_house)
        ann, bob = kept_house.enter("ann", "bob")
        shelf.slow = True
        ann.says("/names", "/history", "hello", "/names")
        assert ann.reads() == ["-- 2 are here: ann, bob"]
        assert bob.reads() == []
        shelf.bring()
        kept_house.turn()
        assert ann.reads() == ["-- Nothing was said then.", "-- 2 are here: ann, bob"]
        assert bob.reads() == ["ann: hello"]

    def test_others_are_heard_while_one_searches(self, kept_house: House) -> None:
        shelf = self.shelf(kept_house)
        ann, bob = kept_house.enter("ann", "bob")
        shelf.slow = True
        ann.says("/search ladder")
        bob.says("hello")
        assert ann.reads() == ["bob: hello"]
        shelf.bring()
        kept_house.turn()

    def test_what_one_said_before_a_search_comes_before_what_it_finds(self) -> None:
        house = House(self.speech)
        store = SlowStore()
        store.archive = Shelf()
        house.chat, house.store = Chat(chat.House(kept="forever")), store
        ann, _ = house.open().enter("ann", "bob")
        store.slow = True
        ann.says("/msg bob psst", "/history")
        assert ann.reads() == []
        store.bring()
        house.turn()
        assert ann.reads() == ["[to bob] psst", "-- Nothing was said then."]

    def test_the_end_of_the_input_waits_for_what_is_searched(self, kept_house: House) -> None:
        shelf = self.shelf(kept_house)
        ann, bob = kept_house.enter("ann", "bob")
        shelf.slow = True
        ann.says("/history", "hello")
        ann.ends_input()
        assert ann.here
        shelf.bring()
        kept_house.turn()
        assert ann.reads() == ["-- Nothing was said then.", "Goodbye!"]
        assert bob.reads() == ["ann: hello", "-- ann left (connection closed)"]

    def test_who_hangs_up_while_she_searches_is_heard_to_the_end(self, kept_house: House) -> None:
        shelf = self.shelf(kept_house)
        ann, bob = kept_house.enter("ann", "bob")
        shelf.slow = True
        ann.says("/history", "hello")
        ann.vanishes()
        shelf.bring()
        kept_house.turn()
        assert bob.reads() == ["ann: hello", "-- ann left (connection lost)"]
        assert not kept_house.clock.getDelayedCalls()

    def test_who_is_kicked_while_she_searches_reads_goodbye_last(self, kept_house: House) -> None:
        shelf = self.shelf(kept_house)
        ann, bob = kept_house.enter("ann", "bob")
        shelf.slow = True
        ann.says("/history")
        kept_house.kick("ann", "spam")
        assert bob.reads() == [KICKED, "-- ann left (kicked: spam)"]
        shelf.bring()
        kept_house.turn()
        assert ann.reads()[-2:] == ["-- You were kicked by Server: spam", "Goodbye!"]
        assert not ann.here

    def test_the_daemon_ends_though_somebody_searches(self, kept_house: House) -> None:
        shelf = self.shelf(kept_house)
        [ann] = kept_house.enter("ann")
        shelf.slow = True
        ann.says("/history", "/names")
        kept_house.closes("")
        assert not ann.here
        shelf.bring()
        kept_house.turn()
        assert ann.reads() == ["-- Server is shutting down."]

    def test_what_cannot_be_read_is_told_and_the_talk_goes_on(self, kept_house: House) -> None:
        ann, bob = kept_house.enter("ann", "bob")
        self.shelf(kept_house).broken = True
        ann.says("/history", "hello")
        assert ann.reads() == ["-- What was said cannot be read just now. Please try again."]
        assert bob.reads() == ["ann: hello"]

    def test_a_search_that_takes_too_long_is_refused_with_a_way_out(
        self, kept_house: House
    ) -> None:
        [ann] = kept_house.enter("ann")
        ann.says("/last too long")
        [refusal] = ann.reads()
        assert refusal.startswith("-- That takes too long. Add a rarer word")

    def test_where_nothing_is_kept_that_is_told(self, house: House) -> None:
        [ann] = house.enter("ann")
        ann.says("/history")
        assert ann.reads() == ["-- What is said here is not kept, so there is nothing to look at."]

    # coming back

    def test_who_comes_reads_the_last_lines_of_before(self, kept_house: House) -> None:
        [bob] = kept_house.enter("bob")
        bob.says("one", "two", "three")
        ann = kept_house.arrives()
        ann.reads()
        ann.enters("ann")
        bob.says("four")
        assert ann.reads()[3:] == [
            *("-- earlier in #lobby, times are UTC:", "19:30 bob: two", "19:30 bob: three"),
            "bob: four",
        ]

    def test_who_comes_back_is_told_how_much_she_missed(self, kept_house: House) -> None:
        [bob] = kept_house.enter("bob")
        bob.says("one")
        self.shelf(kept_house).left["ann"] = self.shelf(kept_house).entries[-1].id
        bob.says("two", "three")
        ann = kept_house.arrives()
        ann.reads()
        ann.enters("ann")
        told = "-- since 19:30 UTC: 2 messages. /catchup shows them"
        assert ann.reads()[3] == told

    def test_what_was_missed_is_caught_up_with_from_the_beginning(self, kept_house: House) -> None:
        [bob] = kept_house.enter("bob")
        bob.says("one")
        self.shelf(kept_house).left["ann"] = self.shelf(kept_house).entries[-1].id
        bob.says(*map(str, range(SHOWN + 1)))
        [ann] = kept_house.enter("ann")
        ann.says("/catchup")
        assert ann.reads()[1:] == [*[f"19:30 bob: {n}" for n in range(SHOWN)], MORE]
        ann.says("/more")
        assert ann.reads()[1:] == [f"19:30 bob: {SHOWN}"]

    def test_who_is_being_let_in_is_not_heard_before(self, kept_house: House) -> None:
        shelf = self.shelf(kept_house)
        [bob] = kept_house.enter("bob")
        shelf.slow = True
        ann = kept_house.arrives()
        ann.reads()
        ann.sends(self.speech.enters("ann") + self.speech.says("hello"))
        assert (ann.reads(), bob.reads()) == ([], [])
        shelf.bring()
        kept_house.turn()
        assert ann.reads()[0] == "Hello ann, you are now connected!"
        assert bob.reads() == ["-- ann joined", "ann: hello"]

    def test_who_goes_while_she_is_being_let_in_never_came(self, kept_house: House) -> None:
        shelf = self.shelf(kept_house)
        [bob] = kept_house.enter("bob")
        shelf.slow = True
        ann = kept_house.arrives()
        ann.enters("ann")
        ann.vanishes()
        shelf.bring()
        kept_house.turn()
        assert bob.reads() == []
        assert list(kept_house.chat.members) == ["bob"]

    def test_of_two_who_are_let_in_by_the_same_name_one_is_asked_again(
        self, kept_house: House
    ) -> None:
        shelf = self.shelf(kept_house)
        shelf.slow = True
        first, second = kept_house.arrives(), kept_house.arrives()
        for person in (first, second):
            person.reads()
            person.enters("ann")
        shelf.bring()
        kept_house.turn()
        shelf.slow = False
        assert first.reads()[0] == "Hello ann, you are now connected!"
        assert "ann2 is free" in second.reads()[0]
        second.enters("ann2")
        assert second.reads()[0] == "Hello ann2, you are now connected!"

    def test_who_comes_while_nothing_can_be_read_comes_in_all_the_same(
        self, kept_house: House
    ) -> None:
        self.shelf(kept_house).broken = True
        ann = kept_house.arrives()
        ann.reads()
        ann.enters("ann")
        assert ann.reads()[0] == "Hello ann, you are now connected!"

    # the end of the daemon

    def test_the_end_of_the_daemon_is_told_to_all(self, house: House) -> None:
        [ann] = house.enter("ann")
        stranger = house.arrives()
        stranger.reads()
        house.closes("see you")
        assert ann.reads() == ["-- Server is shutting down. see you"]
        assert stranger.reads() == ["-- Server is shutting down.", "Goodbye!"]
        assert (ann.here, stranger.here) == (False, False)

    def test_what_was_said_before_the_end_is_read(self, house: House) -> None:
        ann, bob = house.enter("ann", "bob")
        ann.sends_at_once(self.speech.says("hello"))
        house.closes("")
        assert bob.reads() == ["ann: hello", "-- Server is shutting down."]
