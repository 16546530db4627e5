"""One connection to the operators' socket."""

from pathlib import Path

import pytest

from tests.admin.daemon import HELLO, Daemon
from twisted_chat.admin.wire import Failed, Lost, Status, connect, reason
from twisted_chat.core.outcomes import Done
from twisted_chat.core.refusals import Refusal
from twisted_chat.core.requests import Announce, Stats


def test_it_opens_with_a_hello_after_whatever_stands_before_it(daemon: Daemon) -> None:
    daemon.sends(b"-- ann joined\n[ann] {hello}\n")
    daemon.says(HELLO)
    daemon.wire.open()
    assert daemon.wire.limit == HELLO["limit"]


def test_who_is_turned_away_fails_with_the_words_that_were_told(daemon: Daemon) -> None:
    daemon.sends(b"-- Not \x1b[1myou.\nGoodbye!\n")
    daemon.hangs_up()
    with pytest.raises(Failed) as failed:
        daemon.wire.open()
    assert (failed.value.sentence, failed.value.status) == ("Not you.", Status.REFUSED)


def test_an_end_without_a_word_is_no_connection(daemon: Daemon) -> None:
    daemon.hangs_up()
    with pytest.raises(Failed, match="closed without a word") as failed:
        daemon.wire.open()
    assert failed.value.status == Status.NO_CONNECTION


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 400\n", b"{nonsense}\n", b'{"type":"done"'])
def test_one_that_says_no_hello_is_no_chat(daemon: Daemon, said: bytes) -> None:
    daemon.sends(said)
    with pytest.raises(Failed) as failed:
        daemon.wire.open()
    assert failed.value.status == Status.NO_ANSWER


def test_a_request_has_its_tag(daemon: Daemon) -> None:
    daemon.wire.ask(Stats(), 7)
    assert daemon.heard() == [{"do": "stats", "tag": 7}]


def test_a_line_that_the_daemon_would_not_read_is_not_sent(daemon: Daemon) -> None:
    daemon.says(HELLO)
    daemon.wire.open()
    with pytest.raises(Refusal, match="more than 100 bytes"):
        daemon.wire.ask(Announce("x" * 100), 1)


def test_a_reply_that_comes_in_pieces_is_whole(daemon: Daemon) -> None:
    daemon.sends(b'{"type":"done","te')
    assert daemon.wire.replies() == []
    daemon.sends(b'xt":"well","tag":1}\n')
    [reply] = daemon.wire.replies()
    assert (reply.heard.what, reply.heard.tag) == (Done("well"), 1)


def test_what_only_a_newer_version_says_is_passed_over(daemon: Daemon) -> None:
    daemon.says({"type": "teleported"}, {"type": "done", "text": "well"})
    assert [reply.heard.what for reply in daemon.wire.replies()] == [Done("well")]


def test_a_reply_that_is_no_chats_fails_in_words(daemon: Daemon) -> None:
    daemon.sends(b"{nonsense}\n")
    with pytest.raises(Failed, match="no answer as a chat gives it"):
        daemon.wire.replies()


def test_the_end_is_told_and_a_silence_too(daemon: Daemon) -> None:
    with pytest.raises(TimeoutError):
        daemon.wire.replies()
    daemon.hangs_up()
    with pytest.raises(Lost):
        daemon.wire.replies()


def test_nothing_there_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(Failed, match="there is no such socket") as failed:
        connect(str(tmp_path / "admin.sock"))
    assert failed.value.status == Status.NO_CONNECTION


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ConnectionRefusedError(), "nothing listens there"),
        (PermissionError(13, "Permission denied"), "only root and the user that the chat runs as"),
        (OSError("AF_UNIX path too long"), "AF_UNIX path too long"),
        (BlockingIOError(11, "Resource temporarily unavailable"), "Resource temporarily"),
    ],
)
def test_why_there_is_no_connection_is_told_in_few_words(error: OSError, words: str) -> None:
    assert reason(error).startswith(words)
