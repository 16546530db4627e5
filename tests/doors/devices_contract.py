"""One person on several devices, and messages that wait for her who owns her name."""

from tests.doors.house import PASSWORD, House, KeepingStore, Person
from tests.doors.houses import Houses, forget
from tests.times import NOW
from twisted_chat.core import chat
from twisted_chat.core.chat import Chat
from twisted_chat.doors.line import ChatProtocol


class DevicesContract(Houses):
    """Subclass it and say how one speaks at the door."""

    def two(self, house: House, name: str = "ann") -> tuple[Person, Person]:
        """Somebody on two devices."""
        first, second = house.owns(name), house.owns(name)
        house.passes(10)
        forget(first, second)
        return first, second

    # one person

    def test_nobody_is_told_of_one_more_device(self, house: House) -> None:
        [bob] = house.enter("bob")
        house.owns("ann")
        forget(bob)
        house.owns("ann")
        assert bob.reads() == []

    def test_who_shows_one_person(self, house: House) -> None:
        self.two(house)
        [bob] = house.enter("bob")
        bob.says("/names", "/who")
        told = bob.reads()
        assert told[0] == "-- 2 are here: ann, bob"
        assert next(line for line in told if "ann  here" in line).endswith("on 2 devices")

    def test_ones_own_lines_appear_on_the_other_device(self, house: House) -> None:
        first, second = self.two(house)
        [bob] = house.enter("bob")
        forget(first, second)
        first.says("hello")
        second.says("/me waves")
        assert (first.reads(), second.reads()) == (["* ann waves"], ["ann: hello"])
        assert bob.reads() == ["ann: hello", "* ann waves"]

    def test_private_messages_are_read_on_both_and_once(self, house: House) -> None:
        first, second = self.two(house)
        [bob] = house.enter("bob")
        forget(first, second)
        bob.says("/msg ann psst")
        assert first.reads() == second.reads() == ["[bob] psst"]

    def test_ones_own_private_messages_are_shown_on_both(self, house: House) -> None:
        first, second = self.two(house)
        [bob] = house.enter("bob")
        forget(first, second)
        first.says("/msg bob psst")
        assert first.reads() == second.reads() == ["[to bob] psst"]
        assert bob.reads() == ["[ann] psst"]

    def test_a_reply_may_come_from_either(self, house: House) -> None:
        first, second = self.two(house)
        [bob] = house.enter("bob")
        bob.says("/msg ann psst")
        for device in (first, second):
            device.says("/reply yes")
            assert bob.reads()[-1:] == ["[ann] yes"]

    def test_a_room_is_entered_with_both_and_each_talks_where_it_did(self, house: House) -> None:
        first, second = self.two(house)
        [bob] = house.enter("bob")
        first.says("/join #lab")
        bob.says("/join #lab", "hello")
        forget(first, bob)
        assert second.reads()[-1:] == ["#lab bob: hello"]
        second.says("hi")
        assert bob.reads() == ["#lobby ann: hi"]

    def test_a_device_that_comes_talks_where_she_talked_last_and_sees_which_room_is_not_that(
        self, house: House
    ) -> None:
        house.owns("ann").says("/join #lab")
        [bob] = house.enter("bob")
        second = house.owns("ann")
        bob.says("hello", "/join #lab", "hi")
        assert [line for line in second.reads() if "bob:" in line] == [
            "#lobby bob: hello",
            "bob: hi",
        ]

    def test_what_one_leaves_is_left_by_both(self, house: House) -> None:
        first, second = self.two(house)
        [bob] = house.enter("bob")
        first.says("/join #lab")
        second.says("/join #lab")
        bob.says("/join #lab")
        first.says("/leave")
        assert second.reads()[-1:] == ["-- you left #lab; you talk in #lobby now"]
        bob.says("hello")
        assert second.reads() == []

    def test_one_device_that_leaves_tells_nobody_and_the_last_does(self, house: House) -> None:
        first, second = self.two(house)
        [bob] = house.enter("bob")
        first.says("exit")
        assert (first.reads()[-1], bob.reads()) == ("Goodbye!", [])
        second.vanishes()
        assert bob.reads() == ["-- ann left (connection lost)"]

    def test_the_other_device_reads_on_when_one_has_left(self, house: House) -> None:
        first, second = self.two(house)
        [bob] = house.enter("bob")
        first.says("exit")
        forget(second)
        bob.says("hello", "/msg ann psst")
        assert second.reads() == ["bob: hello", "[bob] psst"]

    def test_who_is_sent_away_is_so_from_all_her_devices(self, house: House) -> None:
        first, second = self.two(house)
        house.kick("ann", "spam")
        assert (first.here, second.here) == (False, False)

    def test_logout_all_leaves_with_every_device(self, house: House) -> None:
        first, second = self.two(house)
        first.says("/logout all")
        assert (first.here, second.here) == (False, False)

    def test_the_other_devices_are_logged_out_and_this_one_stays(self, house: House) -> None:
        first, second = self.two(house)
        first.says("/logout others")
        assert (first.here, second.here) == (True, False)
        assert second.reads() == ["-- You were logged out on another device.", "Goodbye!"]

    def test_a_device_that_comes_while_lines_are_under_way_has_no_gap_and_no_double(
        self, slow_house: House
    ) -> None:
        store = self.slow(slow_house)
        first = slow_house.owns("ann")
        [bob] = slow_house.enter("bob")
        forget(first)
        bob.says("before")
        store.slow = True
        bob.says("under way")
        second = slow_house.owns("ann")
        bob.says("after")
        store.bring()
        slow_house.turn()
        assert second.reads() == ["bob: under way", "bob: after"]
        assert first.reads() == ["bob: before", "bob: under way", "bob: after"]

    def test_a_device_that_comes_reads_the_last_lines_and_then_on(self, kept_house: House) -> None:
        kept_house.owns("ann")
        [bob] = kept_house.enter("bob")
        bob.says("/say one", "/say two", "/say three")
        second = kept_house.arrives()
        second.enters("ann", PASSWORD)
        bob.says("four")
        told = [line for line in second.reads() if "bob:" in line]
        assert told == ["19:30 bob: two", "19:30 bob: three", "bob: four"]

    # those who had the name

    def test_a_guest_gives_the_name_to_whom_it_belongs(self, house: House) -> None:
        house.owns("ann").says("exit")
        account = house.chat.accounts["ann"]
        house.chat.forget(account)
        [guest] = house.enter("ann")
        house.chat.remember(account)
        house.owns("ann")
        told = "ann belongs to somebody who has come in: you are ann2 now"
        assert f"-- {told}" in guest.reads()
        assert sorted(house.chat.members) == ["ann", "ann2"]

    def test_a_name_that_is_asked_for_again_has_its_connection_probed(self, house: House) -> None:
        [ann] = house.enter("ann")
        assert isinstance(ann.protocol, ChatProtocol)
        door = ann.protocol.visit.door = Probed(ann.protocol)
        other = house.arrives()
        other.enters("ann")
        assert door.probed == 1
        assert "ann2 is free, for example." in other.reads()[-1]

    # messages that wait

    def test_a_message_waits_for_her_and_is_read_once(self, kept_house: House) -> None:
        kept_house.owns("ann").says("exit")
        [bob] = kept_house.enter("bob")
        bob.says("/msg ann psst")
        assert bob.reads() == ["[to ann] psst", "-- ann is not here: it is stored, and waits"]
        for expected in (["19:30 [bob] psst"], []):
            ann = kept_house.arrives()
            ann.enters("ann", PASSWORD)
            assert [line for line in ann.reads() if "[bob]" in line] == expected
            ann.says("exit")

    def test_who_wrote_is_told_that_it_arrived_and_once(self, kept_house: House) -> None:
        kept_house.owns("ann").says("exit")
        [bob] = kept_house.enter("bob")
        bob.says("/msg ann one", "/msg ann two")
        forget(bob)
        for expected in (["-- delivered to ann: 2 messages that were stored"], []):
            ann = kept_house.owns("ann")
            assert [line for line in bob.reads() if "delivered" in line] == expected
            ann.says("exit")

    def test_sent_shows_what_waits_and_what_has_arrived(self, kept_house: House) -> None:
        kept_house.owns("ann").says("exit")
        bob = kept_house.owns("bob")
        bob.says("/msg ann psst")
        forget(bob)
        bob.says("/sent")
        [before] = bob.reads()
        kept_house.owns("ann")
        forget(bob)
        bob.says("/sent")
        [after] = bob.reads()
        assert ("delivered" in before, "delivered" in after) == (False, True)

    def test_messages_wait_for_no_guest(self, kept_house: House) -> None:
        [bob] = kept_house.enter("bob")
        bob.says("/msg ann psst")
        assert bob.reads() == ["-- ann is not here. /names shows who is."]

    def test_the_next_owner_of_a_name_reads_nothing_of_what_was_told_to_the_last(
        self,
    ) -> None:
        house = House(self.speech)
        house.chat = Chat(chat.House(kept="forever"))
        house.store = KeepingStore(lambda: NOW - 60)  # what was said is a minute ago
        guest, bob = house.open().enter("ann", "bob")
        bob.says("/msg ann psst")
        guest.says("exit")
        house.owns("ann").says("exit")
        again = house.arrives()
        again.enters("ann", PASSWORD)
        assert [line for line in again.reads() if "psst" in line] == []


class Probed(ChatProtocol):
    """A door that counts how often it is to find out whether anybody is there."""

    def __init__(self, door: ChatProtocol) -> None:
        super().__init__(door.factory)
        self.probed = 0

    def probe(self) -> None:
        self.probed += 1
