"""Bytes that no friend sends: answered or ignored, and nobody else is harmed."""

import random
from collections.abc import Generator

import pytest

from tests.live.daemon import Daemon, Talker, daemon, people

LIMIT = 4096
TOO_LONG = f"-- not sent: that line has more than {LIMIT} bytes\r\n"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Generator[Daemon, None, None]:
    """At its end, ``daemon`` looks for tracebacks in what all these tests have made it print. What
    the tests before have said would stand among what bob reads."""
    with daemon(tmp_path_factory.mktemp("chat"), "--rate", "0", "--store", "memory:") as chat:
        yield chat


@pytest.fixture
def both(shared: Daemon) -> Generator[list[Talker], None, None]:
    """Ann, who sends strange things, and bob, who reads."""
    shared.empties()
    with people(shared.port, "ann", "bob") as them:
        them[0].reads("-- bob joined\r\n")
        yield them


@pytest.mark.parametrize("length", [LIMIT + 1, LIMIT + 2, 100_000])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"], ids=["LF", "CR LF"])
def test_an_over_long_line_is_refused_and_the_next_one_works(
    both: list[Talker], length: int, end: bytes
) -> None:
    ann, bob = both
    ann.send(b"x" * length + end + b"hello" + end)
    bob_read = bob.reads("hello\r\n")
    assert bob_read == "ann: hello\r\n"
    assert ann.reads(TOO_LONG) == TOO_LONG


@pytest.mark.parametrize("end", [b"\n", b"\r\n"], ids=["LF", "CR LF"])
def test_the_longest_line_that_is_allowed_is_said(both: list[Talker], end: bytes) -> None:
    ann, bob = both
    ann.send(b"x" * LIMIT + end)
    assert bob.reads("\r\n") == f"ann: {'x' * LIMIT}\r\n"


def test_bytes_without_an_end_are_one_line_that_is_refused_once(both: list[Talker]) -> None:
    ann, bob = both
    for _ in range(100):
        ann.send(b"x" * 50_000)
    ann.say("", "hello")
    assert bob.reads("hello\r\n") == "ann: hello\r\n"
    ann.say("/names")
    assert ann.reads("here: ann, bob\r\n").count("not sent") == 1


def test_bytes_without_an_end_and_then_no_more_are_an_end(both: list[Talker]) -> None:
    ann, bob = both
    ann.send(b"x" * 100_000)
    ann.hangs_up()
    assert ann.reads_to_the_end().endswith("Goodbye!\r\n")
    bob.reads("-- ann left (connection closed)\r\n")


@pytest.mark.parametrize("line", [b"gr\xfc\xdfe", b"\xc3", b"\xed\xa0\x80", b"\xc0\xaf"])
def test_what_is_not_utf8_is_refused_and_the_next_line_works(
    both: list[Talker], line: bytes
) -> None:
    ann, bob = both
    ann.send(line + b"\nhello\n")
    ann.reads("-- not sent: that line is not UTF-8.")
    assert bob.reads("hello\r\n") == "ann: hello\r\n"


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]8;;http://example.org\x07hi\x1b]8;;\x07", "hi"),
        ("\x9b31mred", "red"),
        ("a\x00b\x07c", "abc"),
        ("tab\there", "tab    here"),
    ],
)
def test_what_only_says_how_a_text_looks_is_not_what_others_read(
    both: list[Talker], sent: str, read: str
) -> None:
    ann, bob = both
    ann.say(sent)
    assert bob.reads("\r\n") == f"ann: {read}\r\n"


@pytest.mark.parametrize(
    "sent",
    [
        "\x1b[2Ja",
        "a\x1b]0;title",
        "a\x08b\x7f",
        "one\rServer: two",
        "one\u2028Server: two",
        "\u202egnp",
    ],
)
def test_what_acts_on_a_terminal_is_refused_and_said_to_nobody(
    both: list[Talker], shared: Daemon, sent: str
) -> None:
    ann, bob = both
    ann.say(sent, "hello")
    assert bob.reads("\r\n") == "ann: hello\r\n"
    ann.reads("-- not sent: that line has ")
    assert not set(shared.output) & set("\x1b\x07\x9b\u202e\u2028")


def test_colours_alone_are_not_said(both: list[Talker]) -> None:
    ann, bob = both
    ann.say("\x1b[m", "\x00\x07", "hello")
    assert bob.reads("hello\r\n") == "ann: hello\r\n"


def test_a_timing_mark_is_given_and_the_text_around_it_is_intact(both: list[Talker]) -> None:
    ann, bob = both
    ann.send(b"hel\xff\xfd\x06lo\n")
    assert bob.reads("\r\n") == "ann: hello\r\n"
    assert ann.socket.recv(65536) == b"\xff\xfb\x06"


def test_ctrl_c_of_a_telnet_takes_back_what_was_typed(both: list[Talker]) -> None:
    ann, bob = both
    ann.send(b"oh no\xff\xf4\xff\xfd\x06hello\n")  # as Debian's telnet does
    assert bob.reads("\r\n") == "ann: hello\r\n"
    told = b""
    while not told.endswith(b"\r\n"):
        told += ann.socket.recv(65536)
    assert told == b"\xff\xfb\x06-- exit leaves\r\n"


def test_other_telnet_options_are_declined_byte_by_byte(both: list[Talker]) -> None:
    ann, bob = both
    for byte in b"he\xff\xfd\x01l\xff\xfb\x18\xff\xfa\x18\x00xterm\xff\xf0lo\n":
        ann.send(bytes([byte]))
    assert bob.reads("\r\n") == "ann: hello\r\n"
    declined = b""
    while len(declined) < 6:
        declined += ann.socket.recv(65536)
    assert declined == b"\xff\xfc\x01\xff\xfe\x18"


@pytest.mark.parametrize(
    ("typed", "nearest"), [("/naems", "/names"), ("/hlep", "/help"), ("/quti", "/quit")]
)
def test_an_unknown_command_names_the_nearest_and_is_not_said(
    both: list[Talker], typed: str, nearest: str
) -> None:
    ann, bob = both
    ann.say(typed, "hello")
    ann.reads(f"-- There is no {typed}. Did you mean {nearest}? /help shows what there is.\r\n")
    assert bob.reads("hello\r\n") == "ann: hello\r\n"


@pytest.mark.parametrize("seed", range(5))
def test_random_bytes_before_a_name_harm_nobody(shared: Daemon, seed: int) -> None:
    shared.empties()
    with people(shared.port, "bob", "cy", None) as (bob, cy, hostile):
        hostile.send(random.Random(seed).randbytes(200_000))
        hostile.resets()
        cy.say("still here")
        bob.reads("cy: still here\r\n")


@pytest.mark.parametrize("seed", range(5))
def test_random_bytes_from_a_member_harm_nobody(both: list[Talker], seed: int) -> None:
    ann, bob = both
    ann.send(random.Random(seed).randbytes(200_000))
    ann.resets()
    bob.say("/names")
    bob.reads("here: ")


@pytest.mark.parametrize("seed", range(3))
def test_random_json_lines_harm_nobody(shared: Daemon, seed: int) -> None:
    shared.empties()
    chance = random.Random(seed)
    parts = ['{"do":', '"enter"', '"say"', ",", '"name":', "[", "]", "}", "1e999", "null", '"tag":']
    with people(shared.port, "bob", None) as (bob, hostile):
        lines = ["".join(chance.choices(parts, k=chance.randrange(12))) for _ in range(500)]
        hostile.say("/json", *lines, "[" * 4000, '{"do": "quit", "tag": 7}')
        assert '"tag":7' in hostile.reads_to_the_end()
        bob.say("/names")
        bob.reads("-- 1 is here: bob\r\n")
