"""The line door, in both dialects."""

import json
from typing import Any

import pytest

from tests.doors.contract import DoorContract
from tests.doors.house import LONGEST, Ear, House, Person, SpoiledStore, refuses
from tests.times import TIMES
from twisted_chat.core.events import LOBBY, Entry, Moved
from twisted_chat.core.outcomes import Answer, Entered, Outside, Welcomed
from twisted_chat.core.refusals import Refusal
from twisted_chat.core.requests import Enter, Register
from twisted_chat.doors.line import LONGEST_REQUEST
from twisted_chat.speech.answers import answer_lines
from twisted_chat.speech.entries import entry_lines, past_lines
from twisted_chat.speech.lines_json import hear, write_request
from twisted_chat.speech.text import GREETING, TextDialect


class TextSpeech:
    """A person with nc."""

    opening = b""
    longest = LONGEST

    def enters(self, name: str, password: str | None = None) -> bytes:
        return f"{name}\n".encode() + (b"" if password is None else f"{password}\n".encode())

    def registers(self, password: str) -> bytes:
        return f"/register\n{password}\n{password}\n".encode()

    def says(self, line: str) -> bytes:
        return f"{line}\n".encode()

    def ear(self) -> Ear:
        return self

    def seen(self, data: bytes) -> list[str]:
        assert data.count(b"\n") == data.count(b"\r\n")
        return data.decode().splitlines()


class JsonSpeech:
    """Our own client, which types and shows like a person with nc."""

    opening = b"/json\n"
    longest = LONGEST_REQUEST

    def __init__(self) -> None:
        self._text = TextDialect(TIMES)

    def enters(self, name: str, password: str | None = None) -> bytes:
        return write_request(Enter(name, password=password), "own")

    def registers(self, password: str) -> bytes:
        return write_request(Register(password), "own")

    def says(self, line: str) -> bytes:
        try:
            asked = self._text.read(line.encode(), naming=False)
        except Refusal:  # our client would not even send it
            return json.dumps({"do": line[1:]}).encode() + b"\n"
        assert asked is not None
        return write_request(asked[0], "own")

    def ear(self) -> Ear:
        return JsonEar()


class JsonEar:
    """It follows where one talks, as our own client does."""

    def __init__(self) -> None:
        self._text = TextDialect(TIMES)
        self._room = LOBBY

    def seen(self, data: bytes) -> list[str]:
        lines = data.removeprefix((GREETING + "\r\n").encode()).splitlines()
        return [shown for line in lines for shown in self._seen(line)]

    def _seen(self, line: bytes) -> list[str]:
        heard = hear(line)
        assert heard is not None
        if not isinstance(heard.what, Entry):
            return self._answered(heard.what)
        elsewhere = heard.what.log != self._room
        if isinstance(heard.what.event, Moved) and not elsewhere:
            self._room = heard.what.event.to
        if heard.earlier:
            return past_lines(heard.what, TIMES, elsewhere)
        if heard.tag is not None:
            return self._text.own(heard.what, heard.tag).decode().splitlines()
        return entry_lines(heard.what, elsewhere)

    def _answered(self, answer: Answer) -> list[str]:
        match answer:
            case Welcomed(room=room) | Entered(room=room) | Outside(now=room):
                self._room = room
        return answer_lines(answer, TIMES)


class TestText(DoorContract):
    """telnet and nc."""

    speech = TextSpeech()

    def test_a_name_is_asked_for(self, house: House) -> None:
        assert house.arrives().reads() == [GREETING]

    @pytest.mark.parametrize("word", ["exit", "EXIT", "Exit", "/exit", "/quit", "/qui"])
    def test_these_words_leave(self, house: House, word: str) -> None:
        [ann] = house.enter("ann")
        ann.says(word)
        assert ann.reads() == ["Goodbye!"]

    def test_say_says_whatever_it_begins_with(self, house: House) -> None:
        ann, bob = house.enter("ann", "bob")
        ann.says("/say exit", "//etc")
        assert bob.reads() == ["ann: exit", "ann: /etc"]

    def test_an_empty_line_says_nothing(self, house: House) -> None:
        ann, bob = house.enter("ann", "bob")
        ann.says("", "   ", "\r")
        assert ann.reads() == bob.reads() == []

    def test_a_line_may_end_in_cr_lf(self, house: House) -> None:
        ann, bob = house.enter("ann", "bob")
        ann.sends(b"hello\r\nthere\n")
        assert bob.reads() == ["ann: hello", "ann: there"]

    @pytest.mark.parametrize("sent", [b"one\n\rtwo\n", b"one\ntwo\rthree\n"], ids=["LF CR", "CR"])
    def test_a_cr_that_ends_no_line_is_refused_in_words(self, house: House, sent: bytes) -> None:
        ann, bob = house.enter("ann", "bob")
        ann.sends(sent)
        assert bob.reads() == ["ann: one"]
        [refused] = ann.reads()
        assert refused.startswith("-- not sent: that line has the end of another line (U+000D)")

    def test_a_line_of_just_the_limit_is_read_with_either_end(self, house: House) -> None:
        ann, bob = house.enter("ann", "bob")
        ann.sends(b"x" * LONGEST + b"\n" + b"y" * LONGEST + b"\r\n")
        assert bob.reads() == ["ann: " + "x" * LONGEST, "ann: " + "y" * LONGEST]

    def test_a_receipt_is_given_where_it_is_wanted(self) -> None:
        house = House(self.speech)
        house.text = TextDialect(TIMES, confirm=True)
        ann, bob = house.open().enter("ann", "bob")
        ann.says("hello")
        assert ann.reads() == ["Server: I received your message - 'hello'"]
        assert bob.reads() == ["ann: hello"]

    def test_telnet_commands_are_answered_and_are_no_text(self, house: House) -> None:
        ann, bob = house.enter("ann", "bob")
        ann.sends(b"he\xff\xfd\x06llo\n")  # DO TIMING MARK, in the middle of a word
        assert ann.wire.value() == b"\xff\xfb\x06"  # WILL TIMING MARK
        assert bob.reads() == ["ann: hello"]

    def test_json_is_no_switch_once_there_is_a_name(self, house: House) -> None:
        [ann] = house.enter("ann")
        ann.says("/json")
        assert ann.reads() == [
            "-- There is no /json. Did you mean /join? /help shows what there is."
        ]


class TestJson(DoorContract):
    """Programs and our own client."""

    speech = JsonSpeech()

    def test_the_first_object_is_hello(self, house: House) -> None:
        stranger = house.arrives()
        [hello] = objects(stranger)
        assert hello["type"] == "hello"
        assert (hello["protocol"], hello["limit"]) == (1, LONGEST)

    def test_an_entry_has_what_programs_want_to_know(self, house: House) -> None:
        ann, bob = house.enter("ann", "bob")
        ann.says("hello")
        [entry] = objects(bob)
        assert entry == {
            "type": "said",
            "id": entry["id"],
            "time": entry["id"] / 1e6,
            "room": "#lobby",
            "name": "ann",
            "text": "hello",
        }

    def test_an_answer_has_the_tag_of_its_request(self, house: House) -> None:
        [ann] = house.enter("ann")
        ann.sends(b'{"do": "names", "tag": 7}\n{"do": "who", "tag": "seven"}\n')
        assert [(answer["type"], answer["tag"]) for answer in objects(ann)] == [
            ("namelist", 7),
            ("people", "seven"),
        ]

    def test_a_welcome_has_the_tag_of_its_request(self, house: House) -> None:
        ann = house.arrives()
        objects(ann)
        ann.sends(b'{"do": "enter", "name": "ann", "tag": 1}\n')
        assert [(answer["type"], answer["tag"]) for answer in objects(ann)] == [("welcomed", 1)]

    @pytest.mark.parametrize(
        ("line", "code"),
        [
            (b'{"do": "msg", "to": "zoe", "text": "hi", "tag": 1}\n', "not-here"),
            (b'{"do": "kick", "target": "ann", "tag": 1}\n', "not-allowed"),
            (b'{"do": "frobnicate", "tag": 1}\n', "no-such-command"),
            (b'{"do": "msg", "tag": 1}\n', "bad-request"),
            (b'{"tag": 1}\n', "bad-request"),
        ],
    )
    def test_a_refusal_has_a_code_and_the_tag(self, house: House, line: bytes, code: str) -> None:
        [ann] = house.enter("ann")
        ann.sends(line)
        [refused] = objects(ann)
        assert (refused["type"], refused["code"], refused["tag"]) == ("refused", code, 1)

    def test_what_is_no_json_is_refused_and_the_next_line_is_read(self, house: House) -> None:
        [ann] = house.enter("ann")
        ann.sends(b'hello\n[]\n{"do": "names"}\n')
        assert [answer.get("code") for answer in objects(ann)] == ["not-json", "not-json", None]

    def test_ones_own_entry_has_the_tag_and_others_see_none(self, house: House) -> None:
        ann, bob = house.enter("ann", "bob")
        ann.sends(b'{"do": "say", "text": "hello", "tag": 5}\n')
        [own], [other] = objects(ann), objects(bob)
        assert own == {**other, "tag": 5}

    def test_ones_own_private_message_has_the_tag(self, house: House) -> None:
        ann, _ = house.enter("ann", "bob")
        ann.sends(b'{"do": "msg", "to": "bob", "text": "psst", "tag": 5}\n')
        [own] = objects(ann)
        assert (own["type"], own["to"], own["tag"]) == ("told", "bob", 5)

    def test_a_store_that_refuses_gives_the_tag_back(self) -> None:
        house = House(self.speech)
        house.store = SpoiledStore(refuses)
        [ann] = house.open().enter("ann")
        ann.sends(b'{"do": "say", "text": "hello", "tag": 5}\n')
        [refused] = objects(ann)
        assert (refused["code"], refused["tag"]) == ("not-kept", 5)

    def test_answers_stay_in_order_with_ones_own_lines(self, house: House) -> None:
        ann, _ = house.enter("ann", "bob")
        ann.sends(MIXED)
        assert [seen["tag"] for seen in objects(ann)] == [1, 2, 3, 4, 5, 6]

    def test_answers_stay_in_order_though_the_store_is_slow(self, slow_house: House) -> None:
        ann, _ = slow_house.enter("ann", "bob")
        self.slow(slow_house).slow = True
        ann.sends(MIXED)
        for _ in range(3):
            self.slow(slow_house).bring()
            slow_house.turn()
        assert [seen["tag"] for seen in objects(ann)] == [1, 2, 3, 4, 5, 6]


MIXED = b"".join(
    json.dumps({"tag": tag, **asked}).encode() + b"\n"
    for tag, asked in enumerate(
        [
            {"do": "names"},
            {"do": "say", "text": "one"},
            {"do": "who"},
            {"do": "msg", "to": "zoe", "text": "two"},
            {"do": "say", "text": "three"},
            {"do": "quit"},
        ],
        1,
    )
)
"""Answers, entries and a refusal, in turns."""


def objects(person: Person) -> list[dict[str, Any]]:
    """What came since it was asked last."""
    data = person.wire.value().removeprefix((GREETING + "\r\n").encode())
    person.wire.clear()
    return [json.loads(line) for line in data.splitlines()]
