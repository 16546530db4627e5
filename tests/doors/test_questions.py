"""What a person with telnet or nc is asked for, and that it is not shown as she types."""

import pytest

from tests.doors.house import PASSWORD, House, Person
from tests.doors.secrets_contract import OPEN, WRONG, Company, Log, SecretsContract
from tests.doors.test_line import JsonSpeech, TextSpeech
from twisted_chat.core.passwords import Secret
from twisted_chat.visit import SHOWN

NEW = f"-- A new password, of at least 8 characters; an empty line changes nothing:{SHOWN}"
AGAIN = f"-- The same once more:{SHOWN}"
ZOES = "-- What is the password of zoe? An empty line comes in as a guest."
OWNED = "-- The name ann is owned. What is its password? (an empty line: another name)"
HIDE, SHOW = b"\xff\xfb\x01", b"\xff\xfc\x01"  # IAC WILL ECHO, IAC WONT ECHO


class TestSecretsInText(SecretsContract):
    speech = TextSpeech()

    @pytest.mark.parametrize(
        "line",
        [f"/register {PASSWORD}", f" /register {PASSWORD}", "/passwd correct horse"],
    )
    def test_a_password_in_the_wrong_place_is_said_to_nobody(
        self, kept_house: House, line: str, log: Log
    ) -> None:
        ann, bob = kept_house.enter("ann", "bob")
        ann.says(line)
        assert b"correct" not in ann.wire.value() + bob.wire.value()
        assert "correct" not in repr(self.shelf(kept_house).entries) + log.text


class TestSecretsInJson(SecretsContract):
    speech = JsonSpeech()


@pytest.fixture
def house() -> House:
    return House(TextSpeech()).open()


def dialogue(person: Person, *lines: str) -> list[list[str]]:
    """What was told after each of these lines."""
    told = []
    for line in lines:
        person.says(line)
        told.append(person.reads())
    return told


def test_a_new_password_is_asked_for_twice(house: House) -> None:
    [ann] = house.enter("ann")
    first, second, last = dialogue(ann, "/register", PASSWORD, PASSWORD)
    assert (first, second) == ([NEW], [AGAIN])
    assert last[0].startswith("-- ann is yours")


def test_two_that_differ_change_nothing(house: House) -> None:
    [ann] = house.enter("ann")
    *_, last = dialogue(ann, "/register", PASSWORD, "correct house")
    assert last == ["-- The two are not the same. Nothing was changed: try again."]
    assert house.chat.accounts == {}


def test_an_empty_line_changes_nothing(house: House) -> None:
    [ann] = house.enter("ann")
    assert dialogue(ann, "/register", "")[-1] == ["-- Nothing was changed."]


def test_whatever_an_answer_begins_with_it_is_said_to_nobody(house: House) -> None:
    ann, bob = house.enter("ann", "bob")
    dialogue(ann, "/register", "/me is a password", "/me is a password")
    assert "ann" in house.chat.accounts
    assert bob.reads() == []


def test_after_the_answer_lines_are_said_again(house: House) -> None:
    ann, bob = house.enter("ann", "bob")
    dialogue(ann, "/register", "", "hello")
    assert bob.reads() == ["ann: hello"]


def test_the_old_password_is_asked_for_before_the_new(house: House) -> None:
    ann = house.owns("ann")
    told = dialogue(ann, "/passwd", PASSWORD, "another horse", "another horse")
    assert told == [
        [f"-- Your password now:{SHOWN}"],
        [NEW],
        [AGAIN],
        ["-- the password is changed"],
    ]


def test_a_wrong_old_password_changes_nothing(house: House) -> None:
    ann = house.owns("ann")
    before = house.chat.accounts["ann"]
    told = dialogue(ann, "/passwd", "wrong horse", "another horse", "another horse")
    assert told[-1][0].startswith("-- That is not the password.")
    assert house.chat.accounts["ann"] == before


def test_an_account_is_deleted_with_its_password(house: House) -> None:
    ann = house.owns("ann")
    assert dialogue(ann, "/account delete", "wrong horse")[-1][0].startswith("-- That is not")
    told = dialogue(ann, "/account delete", PASSWORD)[-1]
    assert told == ["-- your account is deleted; you are a guest of that name"]
    assert house.chat.accounts == {}


def test_who_deleted_her_account_is_read_and_written_to_as_a_guest(house: House) -> None:
    ann = house.owns("ann")
    [bob] = house.enter("bob")
    dialogue(ann, "/account delete", PASSWORD)
    bob.says("/msg ann psst", "hello")
    assert ann.reads() == ["[bob] psst", "bob: hello"]


def test_an_owned_name_asks_for_its_password_and_again_after_a_wrong_one(house: House) -> None:
    house.owns("ann")
    person = house.arrives()
    told = dialogue(person, "ann", "wrong horse", PASSWORD)
    assert told[0][-1] == OWNED + SHOWN
    assert told[1] == [f"{WRONG} (an empty line: another name){SHOWN}"]
    assert told[2][0] == "Hello ann, you are now connected!"


@pytest.mark.parametrize("line", ["exit", " EXIT", "/exit", "/quit"])
def test_who_is_asked_for_a_password_can_leave(house: House, line: str) -> None:
    house.owns("ann")
    person = house.arrives()
    dialogue(person, "ann", line)
    assert person.wire.disconnecting


def test_who_is_asked_for_the_password_of_the_house_can_leave(house: House) -> None:
    house.hub.keys.house = Secret(OPEN)
    person = house.arrives()
    dialogue(person, "zoe", "exit")
    assert person.wire.disconnecting


def test_nobody_is_asked_for_what_changes_nothing(house: House) -> None:
    [bob] = house.enter("bob")
    for told in dialogue(bob, "/passwd", "/account delete"):
        assert told[0].startswith("-- Only those who own their names (/register) may do that.")
    ann = house.owns("ann")
    assert dialogue(ann, "/register", "hello")[0][0].startswith("-- The name ann is owned already.")
    assert bob.reads()[-1] == "ann: hello"


def test_an_empty_line_goes_back_to_the_name(house: House) -> None:
    house.owns("ann")
    person = house.arrives()
    told = dialogue(person, "ann", "wrong horse", "", "bob")
    assert told[-1][0] == "Hello bob, you are now connected!"


def test_the_password_of_the_house_is_asked_for_until_it_is_right(house: House) -> None:
    house.hub.keys.house = Secret(OPEN)
    told = dialogue(house.arrives(), "zoe", "wrong horse", OPEN)
    assert told[0][-1] == f"-- This chat has a password. What is it?{SHOWN}"
    assert told[1] == [WRONG + SHOWN]
    assert told[2][0] == "Hello zoe, you are now connected!"


def test_who_owns_her_name_is_not_asked_for_that_of_the_house(house: House) -> None:
    house.owns("ann")
    house.hub.keys.house = Secret(OPEN)
    told = dialogue(house.arrives(), "ann", PASSWORD)
    assert told[-1][0] == "Hello ann, you are now connected!"


def test_with_others_who_know_an_empty_line_comes_in_as_a_guest(house: House) -> None:
    house.hub.keys.authority = Company()
    told = dialogue(house.arrives(), "zoe", "")
    assert told[0][-1] == f"{ZOES}{SHOWN}"
    assert told[1][0] == "Hello zoe, you are now connected!"


# what is shown as it is typed


def test_a_telnet_is_told_not_to_show_it_and_then_to_show_again(house: House) -> None:
    [ann] = house.enter("ann")
    ann.sends(b"/register\r\n")
    assert ann.wire.value().startswith(HIDE)
    ann.wire.clear()
    ann.sends(b"correct horse\r\n")
    assert [ann.wire.value().count(code) for code in (SHOW, HIDE)] == [1, 1]
    ann.wire.clear()
    ann.sends(b"correct horse\r\n")
    assert ann.wire.value().startswith(SHOW)
    assert HIDE not in ann.wire.value()


def test_a_telnet_that_enters_by_an_owned_name_does_not_show_its_password(house: House) -> None:
    house.owns("ann")
    person = house.arrives()
    person.sends(b"ann\r\n")
    assert person.wire.value().endswith(HIDE + OWNED.encode() + b"\r\n")


def test_nc_is_sent_no_byte_that_it_would_show(house: House) -> None:
    house.owns("ann")
    person = house.arrives()
    person.sends(b"ann\ncorrect horse\n")
    assert b"\xff" not in person.wire.value()


def test_who_goes_in_the_middle_of_a_question_leaves_nothing(house: House) -> None:
    [ann] = house.enter("ann")
    ann.sends(b"/register\r\ncorrect horse\r\n")
    ann.vanishes()
    assert (house.chat.accounts, house.chat.members) == ({}, {})
