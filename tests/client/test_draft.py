"""The file of what was said and is not confirmed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from twisted_chat.client.draft import SEVERAL, Draft, Left, draft
from twisted_chat.client.sending import Send, SendState
from twisted_chat.core.requests import Act, Reply, Say, Tell

SENDS = (
    Send(Say("hi\nho", "#lab"), "w1", SendState.SENT),
    Send(Act("wéves", "#lab"), "w2"),
    Send(Tell("bob", "psst"), "w3", SendState.UNSURE),
    Send(Reply("yes"), "w4"),
)
PLACES = (("#lab", 7), ("*", 5))


@pytest.fixture
def one(tmp_path: Path) -> Draft:
    return draft(tmp_path / "drafts", "localhost:9999", "ann")


def again(one: Draft) -> Draft:
    """The next run."""
    one.close()
    return draft(one.path.parent, "localhost:9999", "ann")


def test_what_is_written_is_what_the_next_run_reads(one: Draft) -> None:
    one.write(SENDS, PLACES)
    left = again(one).read()
    assert [(send.request, send.once) for send in left.sends] == [
        (send.request, send.once) for send in SENDS
    ]
    assert {send.state for send in left.sends} == {SendState.WAITING}
    assert left.places == dict(PLACES)


def test_what_is_settled_is_not_written(one: Draft) -> None:
    refused = Send(Say("no", "#lab"), "w9", SendState.REFUSED)
    one.write([refused, SENDS[0]], PLACES)
    assert [send.once for send in one.read().sends] == ["w1"]


def test_nothing_is_left_where_all_is_confirmed(one: Draft) -> None:
    one.write(SENDS, PLACES)
    one.clear()
    one.clear()
    assert again(one).read() == Left()
    assert not one.path.exists()


def test_nobody_else_can_read_it(one: Draft) -> None:
    one.write(SENDS, PLACES)
    assert one.path.stat().st_mode & 0o777 == 0o600
    assert one.path.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"sends": 7}', '{"sends": [{"do": "quit"}], "places": {}}', "\0"]
)
def test_a_file_that_cannot_be_read_is_set_aside(one: Draft, text: str) -> None:
    one.path.write_text(text)
    assert one.read() == Left()
    assert not one.path.exists()
    assert one.path.with_suffix(".unreadable").read_text() == text


def test_another_name_and_another_chat_have_another_file(one: Draft) -> None:
    folder = one.path.parent
    others = [draft(folder, "localhost:9998", "ann"), draft(folder, "localhost:9999", "bob")]
    assert len({one.path, *(other.path for other in others)}) == 3


def test_two_programs_of_one_name_do_not_write_over_each_other(one: Draft) -> None:
    other = draft(one.path.parent, "localhost:9999", "ann")
    assert other.path != one.path


def test_what_was_left_is_taken_before_an_empty_one(one: Draft) -> None:
    other = draft(one.path.parent, "localhost:9999", "ann")
    other.write(SENDS, PLACES)
    other.close()
    assert again(one).path == other.path


def test_there_is_a_bound_on_programs_of_one_name(one: Draft) -> None:
    held = [draft(one.path.parent, "localhost:9999", "ann") for _ in range(SEVERAL - 1)]
    with pytest.raises(OSError, match="already"):
        draft(one.path.parent, "localhost:9999", "ann")
    for other in held:
        other.close()


def test_a_program_that_is_killed_leaves_its_file_to_the_next(tmp_path: Path) -> None:
    program = (
        "import os, sys; from pathlib import Path\n"
        "from twisted_chat.client.draft import draft\n"
        "from twisted_chat.client.sending import Send\n"
        "from twisted_chat.core.requests import Say\n"
        "one = draft(Path(sys.argv[1]), 'localhost:9999', 'ann')\n"
        "one.write([Send(Say('hi', '#lab'), 'w1')], [('#lab', 7)])\n"
        "os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], env=dict(os.environ))
    assert done.returncode == -9
    [send] = draft(tmp_path, "localhost:9999", "ann").read().sends
    assert (send.request, send.once) == (Say("hi", "#lab"), "w1")
