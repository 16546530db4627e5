"""Secrets: who is asked for them, what they open, and that nobody is ever shown one."""

from collections.abc import Iterator

import pytest
from twisted.logger import ILogObserver, LogEvent, eventAsText, globalLogPublisher
from zope.interface import implementer

from tests.doors.house import PASSWORD, House, Person, SpoiledStore, refuses
from tests.doors.houses import Houses
from twisted_chat.auth import Authority
from twisted_chat.core.events import Noted
from twisted_chat.core.passwords import Secret

WRONG = "-- That is not the password. Please try again."
OPEN = "open sesame"


@implementer(ILogObserver)
class Log:
    """All that is logged, and all that is in it."""

    def __init__(self) -> None:
        self.text = ""

    def __call__(self, event: LogEvent) -> None:
        self.text += eventAsText(event) + repr(event)


class Company(Authority):
    """Who knows the people of a company."""

    def __init__(self) -> None:
        """It asks nobody."""

    async def knows(self, name: str, password: str) -> bool:
        return (name, password) == ("ann", PASSWORD)


class SecretsContract(Houses):
    """Subclass it and say how one speaks at the door."""

    @pytest.fixture
    def log(self) -> Iterator[Log]:
        log = Log()
        globalLogPublisher.addObserver(log)
        yield log
        globalLogPublisher.removeObserver(log)

    def is_wrong(self, house: House, name: str, password: str) -> bool:
        told = self.comes(house, name, password).reads()
        return any(line.startswith(WRONG) for line in told)

    def comes(self, house: House, name: str, password: str | None = None) -> Person:
        person = house.arrives()
        person.enters(name, password)
        return person

    # to own a name

    def test_who_registers_owns_the_name_and_gets_codes_once(self, house: House) -> None:
        [ann] = house.enter("ann")
        ann.sends(self.speech.registers(PASSWORD))
        told = "\n".join(ann.reads())
        assert "-- ann is yours: from now on the name asks for your password" in told
        assert len(house.chat.accounts["ann"].codes) == 8
        ann.says("/account info")
        assert not any(line in told for line in ann.reads() if line.count("-") > 5)

    def test_the_name_opens_with_its_password_alone(self, house: House) -> None:
        house.owns("ann").says("exit")
        assert self.is_wrong(house, "ann", "wrong horse")
        ann = self.comes(house, "ann", PASSWORD)
        assert "Hello ann, you are now connected!" in ann.reads()

    def test_a_recovery_code_opens_it_once(self, house: House) -> None:
        [ann] = house.enter("ann")
        ann.sends(self.speech.registers(PASSWORD))
        code = next(line.strip("- ") for line in ann.reads() if line.count("-") == 5)
        ann.says("exit")
        assert "Hello ann, you are now connected!" in self.comes(house, "ann", code).reads()
        assert self.is_wrong(house, "ann", code)

    def test_of_two_who_come_by_one_recovery_code_at_once_one_is_let_in(self, house: House) -> None:
        [ann] = house.enter("ann")
        ann.sends(self.speech.registers(PASSWORD))
        code = next(line.strip("- ") for line in ann.reads() if line.count("-") == 5)
        ann.says("exit")
        house.passwords.slow = True
        both = [self.comes(house, "ann", code), self.comes(house, "ann", code)]
        house.passwords.bring()
        house.turn()
        told = [line for person in both for line in person.reads()]
        assert len([line for line in told if line.startswith("Hello ann")]) == 1
        assert len([line for line in told if line.startswith(WRONG)]) == 1

    def test_a_short_password_is_refused_with_what_would_do(self, house: House) -> None:
        [ann] = house.enter("ann")
        ann.sends(self.speech.registers("short"))
        assert "-- A password has at least 8 characters." in ann.reads()[-1]
        assert house.chat.accounts == {}

    def test_what_is_not_kept_is_told_and_so_is_no_success(self) -> None:
        house = House(self.speech)
        house.store = SpoiledStore(refuses, (Noted,))
        [ann] = house.open().enter("ann")
        ann.sends(self.speech.registers(PASSWORD))
        told = ann.reads()
        assert not [line for line in told if "is yours" in line or line.count("-") == 5]
        assert [line for line in told if "keep" in line or "kept" in line or "remember" in line]

    def test_success_is_told_when_it_is_kept_and_not_before(self, slow_house: House) -> None:
        [ann] = slow_house.enter("ann")
        self.slow(slow_house).slow = True
        ann.sends(self.speech.registers(PASSWORD))
        assert not [line for line in ann.reads() if "is yours" in line]
        self.slow(slow_house).bring()
        slow_house.turn()
        assert "is yours" in ann.reads()[0]

    def test_who_leaves_while_it_is_hashed_owns_nothing(self, house: House) -> None:
        [ann] = house.enter("ann")
        house.passwords.slow = True
        ann.sends(self.speech.registers(PASSWORD))
        ann.vanishes()
        house.passwords.bring()
        house.turn()
        assert (house.chat.accounts, list(house.chat.members)) == ({}, [])

    def test_nobody_is_held_up_while_a_password_is_checked(self, house: House) -> None:
        house.owns("ann").says("exit")
        bob, cy = house.enter("bob", "cy")
        house.passwords.slow = True
        ann = self.comes(house, "ann", PASSWORD)
        bob.says("hello")
        assert cy.reads() == ["bob: hello"]
        house.passwords.bring()
        house.turn()
        assert "Hello ann, you are now connected!" in ann.reads()

    def test_of_two_who_register_one_name_at_once_one_owns_it(self, house: House) -> None:
        [ann] = house.enter("ann")
        house.passwords.slow = True
        ann.sends(self.speech.registers(PASSWORD) + self.speech.registers("another horse"))
        for _ in range(2):
            house.passwords.bring()
            house.turn()
        assert len([line for line in ann.reads() if "is yours" in line]) == 1

    # to come in

    def test_the_password_of_the_house_is_asked_of_guests(self, house: House) -> None:
        house.hub.keys.house = Secret(OPEN)
        [told] = self.comes(house, "zoe").reads()[-1:]
        assert told.startswith("-- This chat has a password. What is it?")

    def test_who_knows_a_name_elsewhere_owns_it_here(self, house: House) -> None:
        house.hub.keys.authority = Company()
        ann = self.comes(house, "ann", PASSWORD)
        assert "Hello ann, you are now connected!" in ann.reads()
        assert house.chat.accounts["ann"].secret == ""

    def test_who_does_not_is_refused(self, house: House) -> None:
        house.hub.keys.authority = Company()
        assert self.is_wrong(house, "ann", "wrong horse")
        assert house.chat.members == {}

    def test_a_guest_comes_in_beside_them_with_an_empty_password(self, house: House) -> None:
        house.hub.keys.authority = Company()
        assert "Hello zoe, you are now connected!" in self.comes(house, "zoe", "").reads()

    def test_who_tries_many_passwords_is_slowed_down(self, house: House) -> None:
        house.owns("ann").says("exit")
        for _ in range(20):
            last = self.comes(house, "ann", "wrong horse")
            told = last.reads()
            last.vanishes()
        assert not any(line.startswith(WRONG) for line in told)
        assert len(house.passwords.asked) < 22

    # nobody is shown one

    def test_no_secret_is_in_any_byte_that_is_sent_kept_or_logged(
        self, kept_house: House, log: Log
    ) -> None:
        [bob] = kept_house.enter("bob")
        everyone = [bob, self.comes(kept_house, "ann"), kept_house.arrives()]
        everyone[1].sends(self.speech.registers(PASSWORD))
        everyone[2].enters("ann", PASSWORD)
        everyone[2].says("/account info", "/account export", "hello")
        everyone.append(self.comes(kept_house, "ann", "wrong horse"))
        sent = b"".join(person.wire.value() for person in everyone)
        kept = repr(self.shelf(kept_house).entries) + repr(kept_house.store.records())
        for secret in (PASSWORD, "wrong horse"):
            assert secret.encode() not in sent
            assert secret not in kept
            assert secret not in log.text
