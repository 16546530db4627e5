"""What the doctor says of what it has found."""

import pytest

from twisted_chat.client import doctor
from twisted_chat.client.doctor import Mark
from twisted_chat.client.status import Status


@pytest.mark.parametrize(
    ("said", "closed", "words"),
    [
        (b"SSH-2.0-OpenSSH_9\r\n", False, "that is an SSH server, and no chat: which port"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", True, "that is a web server, and no chat"),
        (b"220 mail.example ESMTP\r\n", False, "that is a mail or FTP server, and no chat"),
        (b"", True, "it takes connections, and closes them without a word"),
        (b"", False, "it takes connections, and says nothing: is it a chat?"),
        (
            b"-- The chat is full (5 of 5).\r\n",
            True,
            "it lets nobody in: The chat is full (5 of 5).",
        ),
        (b"hm?\n", False, "it answers, but not as a chat does: hm?"),
    ],
)
def test_what_listens_there_is_told_from_what_it_says(
    said: bytes, closed: bool, words: str
) -> None:
    assert doctor.no_chat(said, closed).startswith(words)


def test_what_a_hostile_server_says_is_clean_and_short() -> None:
    finding = doctor.wrong(doctor.no_chat(b"\x1b]0;title\x07\x1b[2J" + b"x" * 9999, False))
    for as_json in (False, True):
        line = doctor.line(finding, as_json)
        assert b"\x1b" not in line
        assert len(line) < 400
        assert line.count(b"\n") == 1


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (0.0, "agree"),
        (-4.9, "agree"),
        (61.0, "is 61 seconds ahead of the one here"),
        (-3600.0, "is 3600 seconds behind the one here"),
    ],
)
def test_clocks_that_differ_are_told_by_how_much_and_which_way(ahead: float, words: str) -> None:
    finding = doctor.clocks(ahead)
    assert words in finding.text
    assert (finding.mark is Mark.GOOD) == (abs(ahead) < 5)
    assert finding.status == (0 if abs(ahead) < 5 else Status.NO_ANSWER)
