"""Who comes to the line door without wanting to chat, and who only seems to."""

import pytest

from tests.doors.house import LONGEST, House, Person
from tests.doors.test_line import TextSpeech
from twisted_chat.core.events import TurnedAway
from twisted_chat.doors.line import GREETS
from twisted_chat.speech.strangers import ENDLESS, HTTP, IRC, TLS, UTF16
from twisted_chat.speech.text import GREETING

BODY = b'mallory\nhello everybody\n/json\n{"do":"enter","name":"mallory"}\n'
HEADERS = b"Host: localhost:9999\r\nContent-Type: text/plain\r\nContent-Length: 72\r\n\r\n"


@pytest.fixture
def house() -> House:
    return House(TextSpeech()).open()


def answered(house: House, *segments: bytes) -> bytes:
    """What somebody reads who sends this at once, and is cut then."""
    person = house.connects()
    for segment in segments:
        if person.here:
            person.sends_at_once(segment)
    house.turn()
    assert not person.here
    return bytes(person.wire.value())


@pytest.mark.parametrize(
    "request_line",
    [
        b"GET / HTTP/1.1",
        b"POST /ann HTTP/1.1",
        b"HEAD / HTTP/1.0",
        b"OPTIONS * HTTP/1.1",
        b"ann /hello HTTP/1.1",
        b"exit / HTTP/1.1",
        b"PRI * HTTP/2.0",
        b"CONNECT localhost:9999 HTTP/1.1",
    ],
)
def test_a_web_page_makes_no_browser_talk(house: House, request_line: bytes) -> None:
    [bob] = house.enter("bob")
    sent = request_line + b"\r\n" + HEADERS + BODY
    for size in (len(sent), 1, 7, len(request_line) + 2):
        pieces = [sent[at : at + size] for at in range(0, len(sent), size)]
        assert answered(house, *pieces) == HTTP.answer
    assert bob.reads() == []
    assert set(house.chat.members) == {"bob"}


def test_nor_behind_empty_lines(house: House) -> None:
    [bob] = house.enter("bob")
    read = answered(house, b"\r\n\r\nPOST / HTTP/1.1\r\n" + HEADERS + BODY)
    assert read.endswith(HTTP.answer)
    assert bob.reads() == []


@pytest.mark.parametrize("size", [1, 50, 10_000])
@pytest.mark.parametrize("method", [b"POST", b"ann"])
def test_nor_behind_a_request_that_is_longer_than_any_line(
    house: House, method: bytes, size: int
) -> None:
    [bob] = house.enter("bob")
    sent = method + b" /" + b"x" * 2 * LONGEST + b" HTTP/1.1\r\n" + HEADERS + BODY
    read = answered(house, *[sent[at : at + size] for at in range(0, len(sent), size)])
    assert read == (HTTP if method == b"POST" else ENDLESS).answer
    assert bob.reads() == []


def test_a_header_that_stands_first_ends_it_too(house: House) -> None:
    assert answered(house, HEADERS + BODY).endswith(HTTP.answer)


def test_a_client_hello_is_answered_by_an_alert_whatever_is_in_it(house: House) -> None:
    assert answered(house, b"\x16", b"\x03\x01\x02\x00\x01\nann\nhello\n") == TLS.answer


def test_utf16_is_told_so_and_how_it_is_changed(house: House) -> None:
    for mark in ("", "\ufeff"):
        text = f"{mark}ann\r\nhello\r\n"
        assert answered(house, text.encode("utf-16-le")) == UTF16.answer
        assert answered(house, text.encode("utf-16-be")) == UTF16.answer


def test_a_member_who_sends_it_reads_that_and_stays(house: House) -> None:
    ann, bob = house.enter("ann", "bob")
    ann.sends("hello\r\n".encode("utf-16-le") + b"\n")
    [told, *_] = ann.reads()
    assert "UTF-16" in told
    assert "UTF8Encoding" in told
    ann.sends(b"hello\n")
    assert bob.reads() == ["ann: hello"]


def test_what_a_member_says_is_never_taken_for_anything_else(house: House) -> None:
    ann, bob = house.enter("ann", "bob")
    ann.says("GET / HTTP/1.1", "Host: here", "NICK eve", "*1")
    assert bob.reads() == ["ann: GET / HTTP/1.1", "ann: Host: here", "ann: NICK eve", "ann: *1"]


def test_nor_is_a_password(house: House) -> None:
    house.owns("ann")
    person = house.arrives()
    person.enters("ann")
    person.sends(b"GET / HTTP/1.1\n/json\n")
    assert person.here
    assert [line[:30] for line in person.reads()[2:]] == ["-- That is not the password. P"] * 2


@pytest.mark.parametrize("name", ["PING", "get", "Options", "HEAD", "EHLO"])
def test_a_name_is_a_name_though_it_is_a_word_of_another_language(house: House, name: str) -> None:
    person = house.arrives()
    person.enters(name)
    assert f"Hello {name}, you are now connected!" in person.reads()


def test_who_types_a_name_wrong_gets_another_try(house: House) -> None:
    person = house.arrives()
    for wrong in ("nick ann", "get me in", "hello: there", "user ann"):
        person.enters(wrong)
        assert person.here
    person.enters("ann")
    assert "ann" in house.chat.members


def test_a_byte_order_mark_before_the_first_line_is_none_of_it(house: House) -> None:
    mark = b"\xef\xbb\xbf"
    one, two = house.connects(), house.connects()
    one.sends(mark + b"ann\n")
    two.sends(mark + b"/json\n")
    assert "ann" in house.chat.members
    assert two.wire.value().endswith(b'"confirm":false}\n')


def test_operators_read_a_few_lines_about_them_and_stats_count_all(house: House) -> None:
    told: list[object] = []
    house.hub.notice = told.append  # type: ignore[method-assign, assignment]
    for _ in range(50):
        answered(house, b"GET / HTTP/1.1\r\n")
    lines = [event for event in told if isinstance(event, TurnedAway)]
    assert lines[0] == TurnedAway("192.168.1.1:54321", "that is HTTP, and no chat")
    assert len(lines) <= 5
    assert house.hub.counters.turned_away == 50


def test_it_is_no_stranger_who_says_nothing(house: House) -> None:
    person = house.connects()
    house.clock.advance(GREETS)
    house.clock.advance(0)
    assert person.reads() == [GREETING]


def test_whoever_speaks_at_once_is_greeted_first(house: House) -> None:
    person = house.connects()
    person.sends_at_once(b"a")
    assert person.wire.value() == b""
    person.sends_at_once(b"nn\n")
    house.clock.advance(0)
    assert person.reads()[:2] == [GREETING, "Hello ann, you are now connected!"]


def test_who_is_gone_before_the_greeting_leaves_nothing_behind(house: House) -> None:
    house.connects().vanishes()
    person: Person = house.connects()
    person.ends_input()
    assert person.reads() == [GREETING, "Goodbye!"]
    assert not house.factory.connections
    assert not [call for call in house.clock.getDelayedCalls() if call.active()]


def test_irc_is_told_that_this_is_none_yet(house: House) -> None:
    read = answered(house, b"CAP LS 302\r\nNICK ann\r\nUSER ann 0 * :Ann\r\n")
    assert read == IRC.answer
    assert b"no IRC server yet" in read
