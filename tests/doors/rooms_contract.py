"""Rooms, as people at every door have them: to enter, to speak here and there, to leave."""

from tests.doors.house import House, Person
from tests.doors.houses import Houses, forget
from twisted_chat.core import refusals
from twisted_chat.core.requests import Kick


class RoomsContract(Houses):
    """Subclass it and say how one speaks at the door."""

    def in_lab(self, house: House, *names: str) -> list[Person]:
        """People who are in the lobby and in #lab, where they talk, and have read all about it."""
        people = house.enter(*names)
        for person in people:
            person.says("/join #lab")
        house.passes(10)
        forget(*people)
        return people

    # where one talks

    def test_who_enters_a_room_is_told_who_is_there_and_they_who_came(self, house: House) -> None:
        [ann] = self.in_lab(house, "ann")
        [bob] = house.enter("bob")
        forget(ann)
        bob.says("/join #lab")
        assert bob.reads() == ["-- you talk in #lab now; 1 other is there: ann"]
        assert ann.reads() == ["-- bob joined"]

    def test_a_bare_line_is_said_where_one_talks(self, house: House) -> None:
        ann, bob = self.in_lab(house, "ann", "bob")
        [cy] = house.enter("cy")
        ann.says("hello")
        assert bob.reads()[-1:] == ["ann: hello"]
        assert cy.reads() == []

    def test_what_is_said_elsewhere_shows_its_room(self, house: House) -> None:
        [ann] = self.in_lab(house, "ann")
        [bob] = house.enter("bob")
        forget(ann)
        bob.says("hello", "/me waves")
        assert ann.reads() == ["#lobby bob: hello", "#lobby * bob waves"]

    def test_one_speaks_elsewhere_without_moving(self, house: House) -> None:
        ann, bob = self.in_lab(house, "ann", "bob")
        [cy] = house.enter("cy")
        forget(ann, bob)
        ann.says("#lobby one", "/say #lobby two", "three")
        assert cy.reads() == ["ann: one", "ann: two"]
        assert bob.reads() == ["#lobby ann: one", "#lobby ann: two", "ann: three"]

    def test_who_is_not_in_a_room_says_nothing_there_and_is_told_how(self, house: House) -> None:
        [ann] = self.in_lab(house, "ann")
        [bob] = house.enter("bob")
        forget(ann)
        bob.says("#lab hello")
        assert bob.reads() == [f"-- {refusals.not_in_room('#lab').sentence}"]
        assert ann.reads() == []

    def test_who_joins_a_room_that_she_is_in_talks_there_again(self, house: House) -> None:
        ann, bob = self.in_lab(house, "ann", "bob")
        ann.says("/join #lobby")
        forget(ann, bob)
        bob.says("hello")
        ann.says("hi")
        assert ann.reads() == ["#lab bob: hello"]
        assert bob.reads() == ["#lobby ann: hi"]

    # leaving

    def test_who_leaves_a_room_talks_in_another_and_the_rest_are_told(self, house: House) -> None:
        ann, bob = self.in_lab(house, "ann", "bob")
        ann.says("/leave")
        assert ann.reads() == ["-- you left #lab; you talk in #lobby now"]
        assert bob.reads() == ["-- ann left"]

    def test_who_left_a_room_reads_no_more_of_it(self, house: House) -> None:
        ann, bob = self.in_lab(house, "ann", "bob")
        ann.says("/leave")
        forget(ann)
        bob.says("hello")
        assert ann.reads() == []

    def test_who_left_a_room_reads_the_other_as_the_one_where_she_talks(self, house: House) -> None:
        [ann] = self.in_lab(house, "ann")
        [bob] = house.enter("bob")
        ann.says("/leave")
        forget(ann)
        bob.says("hello")
        assert ann.reads() == ["bob: hello"]

    def test_nobody_leaves_the_last_room(self, house: House) -> None:
        [ann] = house.enter("ann")
        ann.says("/leave")
        assert ann.reads()[0].startswith("-- You are in no other room than #lobby.")

    def test_who_goes_has_left_all_her_rooms(self, house: House) -> None:
        ann, bob = self.in_lab(house, "ann", "bob")
        ann.says("exit")
        assert sorted(bob.reads()) == ["-- ann left", "-- ann left #lobby"]

    def test_a_room_in_which_nobody_is_costs_nothing(self, house: House) -> None:
        [ann] = self.in_lab(house, "ann")
        assert house.hub.logs.find("#lab") is not None
        ann.says("/leave")
        assert house.hub.logs.find("#lab") is None
        assert "#lab" not in house.chat.rooms

    def test_many_rooms_that_were_left_cost_nothing(self, house: House) -> None:
        house.chat.house.calm = False
        [ann] = house.enter("ann")
        for number in range(20):
            ann.says(f"/join #room{number}", f"/leave #room{number}")
        assert (list(house.chat.rooms), house.chat.charters) == (["#lobby"], {})
        assert [name for name in house.hub.logs._logs if "room" in name] == []

    # while the store is slow

    def test_who_left_before_her_coming_was_kept_does_not_follow(self, slow_house: House) -> None:
        [bob] = self.in_lab(slow_house, "bob")
        [ann] = slow_house.enter("ann")
        self.slow(slow_house).slow = True
        ann.says("/join #lab", "/leave #lab")
        self.slow(slow_house).bring()
        self.slow(slow_house).slow = False
        slow_house.turn()
        forget(ann)
        bob.says("hello")
        assert ann.reads() == []

    def test_who_was_sent_out_of_a_room_reads_nothing_that_came_after(
        self, slow_house: House
    ) -> None:
        ann, bob = self.in_lab(slow_house, "ann", "bob")
        slow_house.rules(Kick("ann", "spam", "#lab"))
        forget(ann)
        self.slow(slow_house).slow = True
        bob.says("hello")
        self.slow(slow_house).bring()
        slow_house.turn()
        assert ann.reads() == []

    def test_what_is_under_way_when_somebody_is_sent_out_is_not_read_by_her(
        self, slow_house: House
    ) -> None:
        ann, bob = self.in_lab(slow_house, "ann", "bob")
        self.slow(slow_house).slow = True
        bob.says("hello")
        slow_house.rules(Kick("ann", "spam", "#lab"))
        bob.says("she is gone")
        self.slow(slow_house).bring()
        slow_house.turn()
        assert not [line for line in ann.reads() if "bob:" in line]

    # whose the room is

    def test_who_owns_her_name_owns_the_room_that_she_enters_first(self, house: House) -> None:
        ann = house.owns("ann")
        ann.says("/join #lab", "/topic tea")
        assert ann.reads()[-1:] == ["-- ann set the topic: tea"]
        assert house.chat.charters["#lab"].owner == "ann"

    def test_a_private_room_is_no_room_to_who_was_not_asked_in(self, house: House) -> None:
        ann = house.owns("ann")
        [bob] = house.enter("bob")
        ann.says("/join #lab", "/room set #lab invite-only", "psst")
        bob.says("/join #lab", "/names #lab", "/topic #lab", "#lab hello", "/list")
        told = "\n".join(bob.reads())
        assert "psst" not in told
        assert "ann set" not in told
        assert "--   #lab" not in told

    def test_who_is_invited_comes_into_a_private_room(self, house: House) -> None:
        ann = house.owns("ann")
        [bob] = house.enter("bob")
        ann.says("/join #lab", "/room set #lab invite-only", "/invite bob")
        assert bob.reads() == ["-- ann invites you to #lab: /join #lab enters it"]
        bob.says("/join #lab")
        ann.says("hello")
        assert bob.reads()[-1:] == ["ann: hello"]

    def test_a_room_that_is_renamed_is_read_on(self, house: House) -> None:
        ann = house.owns("ann")
        ann.says("/join #lab")
        bob, cy = self.in_lab(house, "bob", "cy")
        ann.says("/room rename #lab #lib")
        assert bob.reads() == ["-- ann renamed the room: it is #lib now"]
        cy.says("hello")
        assert bob.reads() == ["cy: hello"]
        assert (house.hub.logs.find("#lab"), list(house.chat.rooms)[-1]) == (None, "#lib")

    def test_who_lags_when_a_room_is_renamed_misses_nothing(self, house: House) -> None:
        ann = house.owns("ann")
        ann.says("/join #lab")
        [bob] = self.in_lab(house, "bob")
        bob.reads_no_more()
        ann.says("one")
        ann.says("/room rename #lab #lib")
        ann.says("two")
        bob.reads_on()
        house.turn()
        words = [line for line in bob.reads() if "ann:" in line]
        assert [line[-3:] for line in words] == ["one", "two"]

    def test_a_room_that_is_deleted_leaves_its_people_in_the_lobby(self, house: House) -> None:
        ann = house.owns("ann")
        ann.says("/join #lab", "/leave #lobby")
        forget(ann)
        ann.says("/room delete #lab")
        assert ann.reads() == ["-- #lab was deleted by ann; you talk in #lobby now"]
        assert house.hub.logs.find("#lab") is None
        [bob] = house.enter("bob")
        bob.says("hello")
        assert ann.reads()[-1:] == ["bob: hello"]

    def test_who_comes_into_a_room_reads_the_last_lines_of_it(self, kept_house: House) -> None:
        [bob] = self.in_lab(kept_house, "bob")
        bob.says("one", "two", "three")
        [ann] = kept_house.enter("ann")
        ann.says("/join #lab")
        told = [line for line in ann.reads() if "bob:" in line]
        assert [line[-5:].split()[-1] for line in told] == ["two", "three"]
