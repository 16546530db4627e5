"""Whom one does not hear, by whatever way she speaks."""

import pytest

from tests.doors.house import PASSWORD, House
from tests.doors.houses import Houses, forget
from twisted_chat.roomlog import PAGE


class IgnoringContract(Houses):
    """Subclass it and say how one speaks at the door."""

    @pytest.mark.parametrize(
        "line", ["hello", "/me waves", "/msg ann psst", "/invite ann #lab", "#lab hello"]
    )
    def test_who_is_ignored_is_not_heard(self, house: House, line: str) -> None:
        ann, bob = house.enter("ann", "bob")
        bob.says("/join #lab", "/join #lobby")
        ann.says("/ignore bob")
        forget(ann, bob)
        bob.says(line)
        assert ann.reads() == []

    def test_others_hear_her_as_before_and_she_is_not_told(self, house: House) -> None:
        ann, bob, cy = house.enter("ann", "bob", "cy")
        ann.says("/ignore bob")
        bob.says("hello", "/msg ann psst")
        assert cy.reads() == ["bob: hello"]
        assert bob.reads() == ["[to ann] psst"]

    def test_others_are_heard_as_before(self, house: House) -> None:
        ann, bob, cy = house.enter("ann", "bob", "cy")
        ann.says("/ignore bob")
        forget(ann)
        bob.says("one")
        cy.says("two")
        assert ann.reads() == ["cy: two"]

    def test_who_is_ignored_for_a_while_is_heard_again_after_it(self, house: House) -> None:
        ann, bob = house.enter("ann", "bob")
        ann.says("/ignore bob 5")
        forget(ann)
        house.passes(299)
        bob.says("one")
        house.passes(2)
        bob.says("two")
        assert ann.reads() == ["bob: two"]

    def test_who_is_heard_again_is_heard_at_once(self, house: House) -> None:
        ann, bob = house.enter("ann", "bob")
        ann.says("/ignore bob", "/unignore bob")
        forget(ann)
        bob.says("hello")
        assert ann.reads() == ["bob: hello"]

    def test_by_another_name_she_is_ignored_too(self, house: House) -> None:
        ann, bob = house.enter("ann", "bob")
        ann.says("/ignore bob")
        bob.says("/nick rob", "hello")
        assert [line for line in ann.reads() if "hello" in line] == []

    def test_a_room_that_is_entered_later_is_covered(self, house: House) -> None:
        ann, bob = house.enter("ann", "bob")
        ann.says("/ignore bob", "/join #lab")
        bob.says("/join #lab")
        forget(ann)
        bob.says("hello", "/me waves")
        assert ann.reads() == []

    def test_who_lags_does_not_hear_her_either(self, house: House) -> None:
        ann, bob, cy = house.enter("ann", "bob", "cy")
        ann.says("/ignore bob")
        forget(ann)
        ann.reads_no_more()
        cy.says("one")
        bob.says("two")
        cy.says("three")
        ann.reads_on()
        house.turn()
        assert ann.reads() == ["cy: one", "cy: three"]

    def test_a_whole_page_of_hers_is_passed_over_by_who_lags(self, house: House) -> None:
        house.chat.house.calm = False
        ann, bob, cy = house.enter("ann", "bob", "cy")
        ann.says("/ignore bob")
        forget(ann)
        ann.reads_no_more()
        cy.says("before")
        for number in range(PAGE + 5):
            bob.says(str(number))
        cy.says("after")
        ann.reads_on()
        house.turn()
        assert ann.reads() == ["cy: before", "cy: after"]

    def test_pages_of_the_past_are_without_her(self, kept_house: House) -> None:
        ann, bob, cy = kept_house.enter("ann", "bob", "cy")
        bob.says("one")
        cy.says("two")
        ann.says("/ignore bob")
        forget(ann)
        ann.says("/history")
        assert ann.reads() == ["-- times are UTC:", "19:30 cy: two"]

    def test_the_last_lines_of_a_room_are_without_her(self, kept_house: House) -> None:
        ann, bob, cy = kept_house.enter("ann", "bob", "cy")
        bob.says("/join #lab", "one")
        cy.says("/join #lab", "two")
        ann.says("/ignore bob", "/join #lab")
        told = [line for line in ann.reads() if "19:30" in line]
        assert [line[-7:] for line in told] == ["cy: two"]

    def test_all_devices_hear_the_same_people(self, house: House) -> None:
        first, second = house.owns("ann"), house.owns("ann")
        [bob] = house.enter("bob")
        first.says("/ignore bob")
        forget(first, second)
        bob.says("hello", "/msg ann psst")
        assert first.reads() == second.reads() == []

    def test_who_owns_her_name_ignores_for_ever(self, kept_house: House) -> None:
        ann = kept_house.owns("ann")
        [bob] = kept_house.enter("bob")
        ann.says("/ignore bob")
        ann.says("exit")
        bob.says("/msg ann waits")
        ann = kept_house.owns("ann")
        bob.says("hello")
        assert ann.reads() == []

    def test_what_she_wrote_meanwhile_is_passed_over_too(self, kept_house: House) -> None:
        ann = kept_house.owns("ann")
        bob, cy = kept_house.enter("bob", "cy")
        ann.says("/ignore bob")
        ann.says("exit")
        bob.says("/msg ann one")
        cy.says("/msg ann two")
        shelf = self.shelf(kept_house)
        shelf.slow = True  # as a file is
        ann = kept_house.arrives()
        ann.enters("ann", PASSWORD)
        for _ in range(4):
            shelf.bring()
            kept_house.turn()
        assert [line for line in ann.reads() if "19:30 [" in line] == ["19:30 [cy] two"]
