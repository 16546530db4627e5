"""The benchmark notices what a chat must not do, ends what it starts, and says what it cannot do.

Real processes and sockets are in the tests that are marked with ``linux``, and nowhere else.
"""

import os
import sys
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.book import STEP, TEXT, Book, name
from benchmarks.plan import Plan, fit, plan
from benchmarks.rounds import Results, complaints, middle, run
from benchmarks.servers import MEMORY, NAIVE, OURS, SERVERS, TLS, Server, running
from benchmarks.table import columns, markdown, tables
from benchmarks.talk import Talked
from benchmarks.usage import memory_kib
from benchmarks.works import Held, Spent, Work
from benchmarks.wrong import Failed, Wrong

linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc and waits with epoll")

FEW = Work("few", 5, 2)

ECHO = """
from benchmarks.peers import naive

class Echo(naive.NaiveChat):
    def lineReceived(self, line):
        name = self.others.get(self)
        super().lineReceived(line)
        if name is not None:
            self.sendLine(name + b": " + line + b"\\r")

naive.NaiveChat = Echo
naive.main()
"""


def said(book: Book, speaker: int, now: int = 0) -> bytes:
    """A line as the others should read it."""
    return name(speaker) + b": " + book.say(speaker, now).rstrip() + b"\r\n"


@pytest.fixture
def book() -> Book:
    return Book(people=3)


def test_what_everyone_else_read_once_is_done(book: Book) -> None:
    line = said(book, 0)
    book.hear(1, line, 0)
    assert (book.settle(), book.outstanding) == (0, 1)
    book.hear(2, b"-- somebody joined\r\n" + line, 0)
    assert (book.settle(), book.outstanding, book.delivered) == (1, 0, 2)


def test_two_speakers_may_be_read_in_any_order(book: Book) -> None:
    first, second = said(book, 0), said(book, 1)
    book.hear(2, second + first, 0)
    book.hear(0, second, 0)
    book.hear(1, first, 0)
    assert book.settle() == 2


def test_a_lost_message_is_noticed_by_the_next_one(book: Book) -> None:
    said(book, 0)
    with pytest.raises(Wrong, match="u1 read message 1 of u0 before message 0"):
        book.hear(1, said(book, 0), 0)


def test_a_message_that_never_comes_is_noticed(book: Book) -> None:
    book.hear(1, said(book, 0), 0)
    book.settle()
    with pytest.raises(Wrong, match="never came: 1; the first is message 0 of u0"):
        book.missing()


def test_a_message_that_comes_twice_is_noticed(book: Book) -> None:
    line = said(book, 0)
    book.hear(1, line, 0)
    with pytest.raises(Wrong, match="u1 read message 0 of u0 a second time"):
        book.hear(1, line, 0)


def test_a_message_that_comes_twice_at_once_is_noticed(book: Book) -> None:
    line = said(book, 0)
    with pytest.raises(Wrong, match="second time"):
        book.hear(1, line + line, 0)


def test_a_message_that_comes_again_after_all_read_it_is_noticed(book: Book) -> None:
    line = said(book, 0)
    book.hear(1, line, 0)
    book.hear(2, line, 0)
    book.settle()
    with pytest.raises(Wrong, match="everyone had read already"):
        book.hear(1, line, 0)


def test_messages_out_of_order_are_noticed(book: Book) -> None:
    first, second = said(book, 0), said(book, 0)
    with pytest.raises(Wrong, match="before message 0"):
        book.hear(1, second + first, 0)


def test_ones_own_message_is_noticed(book: Book) -> None:
    with pytest.raises(Wrong, match="u0 read its own message 0"):
        book.hear(0, said(book, 0), 0)


def test_a_changed_message_is_noticed(book: Book) -> None:
    with pytest.raises(Wrong, match="nobody said"):
        book.hear(1, said(book, 0).replace(b".", b",", 1), 0)


def test_latency_is_from_being_said_to_being_read(book: Book) -> None:
    line = said(book, 0, now=5 * STEP)
    book.hear(1, line, 7 * STEP)
    book.hear(2, line, 9 * STEP)
    book.settle()
    assert book.latencies == {2: 1, 4: 1}


def test_percentiles_are_in_milliseconds() -> None:
    talked = Talked(1.0, 100, Counter({100: 98, 500: 2}))
    assert talked.percentile(0.5) == pytest.approx(1.005)
    assert talked.percentile(0.99) == pytest.approx(5.005)


def test_a_message_has_its_size(book: Book) -> None:
    assert len(book.say(0, 0)) == TEXT + 1


def test_one_wrong_round_makes_all_wrong() -> None:
    wrong = Wrong("u1 read its own message 0")
    assert middle([Held(3.0), wrong, Held(5.0)]) is wrong
    assert middle([Held(3.0), Held(9.0), Held(5.0)]) == Held(5.0)


def test_the_figures_of_a_wrong_server_are_not_shown() -> None:
    results: Results = {
        (FEW, OURS): Spent(2.0, 4e5, 1.0, 2.0),
        (FEW, NAIVE): Wrong("u1 is deaf"),
    }
    text = columns(tables(results)[0])
    assert text.splitlines()[-1].split() == ["naive", "WRONG"]
    assert list(complaints(results)) == ["WRONG: naive, 5 people, busy (2 in flight): u1 is deaf"]


def test_others_are_shown_with_their_ratio_to_ours() -> None:
    results: Results = {(FEW, OURS): Held(2.0), (FEW, NAIVE): Held(5.0)}
    assert markdown(tables(results)[0]).splitlines()[2:] == [
        "| 5 people, busy (2 in flight) | twisted_chat | 2.0 |",
        "|  | naive | 5.0 (2.5×) |",
    ]


def test_ours_keeps_what_is_said_and_is_shown_beside_one_that_does_not() -> None:
    assert "sqlite:chat.sqlite" in OURS.command(1)
    assert "memory:" in MEMORY.command(1)
    assert [server.name for server in SERVERS] == ["twisted_chat", "memory", "naive", "threads"]


def test_what_is_asked_for_narrows_the_plan() -> None:
    asked = plan(["--only", "naive", "--only", "idle", "--seconds", "1.5"])
    assert [server.name for server in asked.servers] == ["naive"]
    assert [work.name for work in asked.works] == ["idle"]
    assert (asked.rounds, asked.seconds) == (3, 1.5)


@pytest.mark.parametrize("wrong", [["--rounds", "0"], ["--seconds", "nan"], ["--only", "irc"]])
def test_what_cannot_be_used_is_told_in_one_line(
    wrong: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        plan(wrong)
    assert ended.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_fewer_open_files_make_smaller_crowds() -> None:
    fitted, why = fit(plan([]), files=1024)
    assert max(work.people for work in fitted.works) == 768
    assert "ulimit -n" in why


@linux
@pytest.mark.parametrize("server", [*SERVERS, TLS], ids=lambda server: server.name)
def test_a_tiny_run_ends_well(server: Server) -> None:
    steps: list[str] = []
    asked = Plan(1, 0.1, (server,), (FEW, Work("still", 5, 0)), False)
    results = run(asked, steps.append)
    assert list(complaints(results)) == []
    assert len(steps) == 2


@linux
def test_a_server_that_echoes_is_wrong(tmp_path: Path) -> None:
    script = tmp_path / "echo.py"
    script.write_text(ECHO)
    echo = Server("echo", "", lambda people: [sys.executable, str(script)])
    with pytest.raises(Wrong, match="read its own message 0"):
        FEW.measure(echo, 0.1)


@linux
def test_a_server_that_does_not_start_has_failed() -> None:
    broken = Server("broken", "", lambda people: [sys.executable, "-c", "exit('no room')"])
    with pytest.raises(Failed, match="ended at once, with status 1; the last line of its log: no"):
        FEW.measure(broken, 0.1)


@linux
def test_memory_that_cannot_be_read_is_told_in_a_sentence() -> None:
    assert memory_kib(os.getpid()) > 1000
    with pytest.raises(Failed, match="cannot be read"):
        memory_kib(0)


@linux
def test_a_server_has_ended_when_one_is_interrupted() -> None:
    with pytest.raises(KeyboardInterrupt), running(NAIVE, 1) as there:
        raise KeyboardInterrupt
    with pytest.raises(ProcessLookupError):
        os.kill(there.pid, 0)
