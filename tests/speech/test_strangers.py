"""Who wants no chat is known by its first bytes, and who could be a person is none of those."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twisted_chat.core import names
from twisted_chat.core.refusals import Refusal
from twisted_chat.speech.strangers import (
    BINARY,
    HTTP,
    IRC,
    MAIL,
    PROXY,
    REDIS,
    SSH,
    TLS,
    UTF16,
    Stranger,
    at_once,
    in_line,
    is_utf16,
)

TOKEN = st.text("!#$%&'*+-.^_`|~abcXYZ019", min_size=1, max_size=12)
"""What a page may choose for a method (RFC 9110, 5.6.2)."""
TARGET = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40)
NAMES = st.text(max_size=20) | st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,20}", fullmatch=True)


def is_a_name(text: str) -> bool:
    try:
        return names.legal(text) == text
    except Refusal:
        return False


@given(TOKEN, TARGET, st.sampled_from(["HTTP/1.1", "HTTP/1.0", "HTTP/2.0"]))
def test_whatever_method_and_path_a_page_chooses_it_is_http(
    method: str, target: str, version: str
) -> None:
    assert in_line(f"{method} {target} {version}".encode()) is HTTP


@given(NAMES.filter(is_a_name))
def test_what_could_be_a_name_is_no_stranger(name: str) -> None:
    assert in_line(name.encode()) is None


@pytest.mark.parametrize(
    "name", ["PING", "get", "GET", "Options", "NICK", "EHLO", "quit2", "Host", "stats", "SSH"]
)
def test_a_word_of_another_protocol_may_be_a_name(name: str) -> None:
    assert in_line(name.encode()) is None
    assert at_once(name.encode()) is None


@pytest.mark.parametrize(
    "line", ["nick ann", "get", "/help", "ann lee", "a:b", "", "\t", "hello: x"]
)
def test_what_a_person_may_type_by_mistake_gets_another_try(line: str) -> None:
    assert in_line(line.encode()) is None


@pytest.mark.parametrize(
    ("line", "who"),
    [
        (b"GET / HTTP/1.1", HTTP),
        (b"PRI * HTTP/2.0", HTTP),
        (b"CONNECT example.org:443 HTTP/1.1", HTTP),
        (b"/json / HTTP/1.1", HTTP),
        (b"GET /", HTTP),
        (b"POST /aaaaaaaaaa", HTTP),
        (b"Host: localhost:9999", HTTP),
        (b"Content-Length: 5", HTTP),
        (b"Sec-Fetch-Mode: no-cors", HTTP),
        (b"OPTIONS sip:nm SIP/2.0", HTTP),
        (b"CAP LS 302", IRC),
        (b"NICK ann", IRC),
        (b"USER ann 0 * :Ann", IRC),
        (b"EHLO mail.example.org", MAIL),
        (b"ehlo [127.0.0.1]", MAIL),
        (b"*1", REDIS),
        (b"$4", REDIS),
        (b"PROXY TCP4 192.0.2.1 192.0.2.2 5 6", PROXY),
        (b"a\0n\0n\0", UTF16),
        (b"\0a\0n\0n", UTF16),
        (b"ann\0", BINARY),
        (b"\x04\x01\x00\x50", BINARY),
    ],
)
def test_a_line_tells_who_it_is(line: bytes, who: Stranger) -> None:
    assert in_line(line) is who


@pytest.mark.parametrize(
    ("first", "who"),
    [
        (b"\x16\x03\x01\x02\x00\x01", TLS),
        (b"SSH-2.0-OpenSSH_9.2", SSH),
        (b"\xff\xfea\0", UTF16),
        (b"\xfe\xff\0a", UTF16),
        (b"\x03\x00\x00\x13\x0e\xe0", BINARY),  # RDP
        (b"\x00\x00\x00\x54\xffSMB", BINARY),
        (b"\x00\x03\x00\x24\x21\x12\xa4\x42", BINARY),  # STUN, which a page can have sent
        (b"\x0d\x0a\x0d\x0a\x00\x0d\x0a\x51\x55\x49\x54\x0a\x21", PROXY),
    ],
)
def test_the_first_bytes_tell_who_it_is(first: bytes, who: Stranger) -> None:
    assert at_once(first) is who


@pytest.mark.parametrize(
    "first",
    [b"", b"ann", b"\xff\xfb\x1f", b"\xef\xbb\xbfann", b"\r\n", b"\0a\0n", "é".encode(), b"\x1b[A"],
)
def test_people_are_not_known_by_their_first_bytes(first: bytes) -> None:
    assert at_once(first) is None


@given(st.binary(max_size=80))
def test_any_bytes_have_a_verdict_and_every_answer_is_short(line: bytes) -> None:
    for stranger in (at_once(line), in_line(line)):
        assert stranger is None or len(stranger.answer) < 400


def test_http_is_answered_as_http() -> None:
    head, _, body = HTTP.answer.partition(b"\r\n\r\n")
    status, *headers = head.split(b"\r\n")
    assert status == b"HTTP/1.1 400 Bad Request"
    assert b"Connection: close" in headers
    assert f"Content-Length: {len(body)}".encode() in headers


@given(st.text(st.characters(codec="latin-1", exclude_characters="\0\n"), min_size=2, max_size=30))
def test_latin_letters_in_utf16_are_known_in_either_order(text: str) -> None:
    assert is_utf16(text.encode("utf-16-le"))
    assert is_utf16(text.encode("utf-16-be"))


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1))
def test_utf8_is_not_taken_for_it(text: str) -> None:
    assert not is_utf16(text.encode())
