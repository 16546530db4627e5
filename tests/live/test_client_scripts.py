"""The client in pipes and scripts, on a real daemon: what is said, what is shown, how it ends."""

import json
import signal
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.live.daemon import PATIENCE, Daemon, Talker, daemon
from tests.live.person import PASSWORD, owner
from tests.live.scripts import ran, running
from tests.live.test_client import MODULE, free_port, server_that_says


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Generator[Daemon, None, None]:
    with daemon(tmp_path_factory.mktemp("chat"), "--rate", "100") as chat:
        yield chat


@pytest.fixture
def chat(shared: Daemon) -> Daemon:
    shared.empties()
    return shared


@pytest.fixture
def place(chat: Daemon) -> tuple[str, str]:
    return ("--server", f"127.0.0.1:{chat.port}")


@contextmanager
def bob_in(chat: Daemon, room: str) -> Generator[Talker, None, None]:
    """Somebody who talks in a room, and has read what was there."""
    with Talker(chat.port, "bob") as bob:
        bob.say(f"/join {room}")
        bob.reads(f"you talk in {room} now")
        bob.reads("\r\n")
        yield bob


# say


def test_what_is_said_is_kept_when_it_ends(chat: Daemon, place: tuple[str, str]) -> None:
    with bob_in(chat, "#say1") as bob:
        done = ran("say", *place, "--name", "ann", "#say1", "done", "-")
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        bob.reads("ann: done -\r\n")


def test_what_begins_with_a_dash_stands_after_two(chat: Daemon, place: tuple[str, str]) -> None:
    with bob_in(chat, "#say2") as bob:
        assert ran("say", *place, "--name", "ann", "#say2", "--", "-5 degrees").returncode == 0
        bob.reads("ann: -5 degrees\r\n")


def test_a_person_may_be_told(chat: Daemon, place: tuple[str, str]) -> None:
    with Talker(chat.port, "bob") as bob:
        assert ran("say", *place, "--name", "ann", "bob", "psst").returncode == 0
        bob.reads("[ann] psst\r\n")


def test_with_json_the_receipt_is_an_entry(chat: Daemon, place: tuple[str, str]) -> None:
    done = ran("say", *place, "--json", "--name", "ann", "#say3", "hi")
    entry = json.loads(done.stdout)
    assert (entry["type"], entry["room"], entry["text"]) == ("said", "#say3", "hi")
    assert entry["id"] > 0


# how it ends, each of the statuses


def test_status_1_is_wrong_use(place: tuple[str, str]) -> None:
    for wrong in (["tail", "lab"], ["send"], ["who", "--frob"]):
        done = ran(*wrong, *place)
        assert done.returncode == 1, wrong
        assert done.stdout == ""
        assert done.stderr.startswith("twisted-chat: ")
        assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("command", [["say", "#lab", "x"], ["tail", "#lab"], ["who"]])
def test_status_2_is_no_connection(command: list[str]) -> None:
    port = free_port()
    done = ran(*command, "--server", f"127.0.0.1:{port}")
    assert done.returncode == 2
    assert done.stderr == (
        f"twisted-chat: no connection to 127.0.0.1:{port}: nothing listens there\n"
    )


def test_status_3_is_refused_and_says_why(place: tuple[str, str]) -> None:
    done = ran("say", *place, "zoe", "hi")
    assert done.returncode == 3
    assert done.stderr == "twisted-chat: zoe is not here. /names shows who is.\n"


def test_status_4_is_no_answer_in_time(place: tuple[str, str]) -> None:
    done = ran("wait", *place, "#quiet", "--timeout", "1s")
    assert done.returncode == 4
    assert done.stderr == "twisted-chat: no answer in time\n"


def test_status_5_is_a_server_that_says_hello_and_hangs_up() -> None:
    hello = b'{"type":"hello","protocol":1,"server":"x","limit":4096,"confirm":false}\n'
    with server_that_says(hello) as port:
        done = ran("say", "--server", f"127.0.0.1:{port}", "#lab", "x")
    assert (done.returncode, done.stderr) == (5, "twisted-chat: the connection is lost\n")


def test_status_5_is_a_connection_that_is_lost(tmp_path: Path) -> None:
    with daemon(tmp_path) as own:
        place = ("--server", f"127.0.0.1:{own.port}")
        with running(tmp_path, "tail", *place, "--once", "--name", "ann", "#lobby") as tail:
            own.prints("ann joined")
            own.signal(signal.SIGKILL)
            assert tail.ends() == 5
            assert tail.said == "twisted-chat: the connection is lost\n"


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_it_as_a_shell_tells_of_it(
    chat: Daemon, place: tuple[str, str], tmp_path: Path, number: signal.Signals, status: int
) -> None:
    name = f"waits{status}"
    with running(tmp_path, "wait", *place, "--name", name, "#lobby") as waiting:
        chat.prints(f"{name} joined")
        waiting.signal(number)
        assert waiting.ends() == status
        assert waiting.said == ""


# send


def test_a_pipe_is_said_line_by_line_in_order_and_none_is_dropped(
    chat: Daemon, place: tuple[str, str]
) -> None:
    lines = [f"line {number}" for number in range(600)]  # 400 at once, then 100 a second
    with bob_in(chat, "#send1") as bob:
        done = ran("send", *place, "--name", "ann", "--to", "#send1", given="\n".join(lines))
        assert (done.returncode, done.stdout) == (0, "")
        heard = bob.reads("ann: line 599\r\n")
        assert heard.count("ann: line ") == 600
        assert "".join(f"ann: {line}\r\n" for line in lines) in heard


def test_a_fold_is_one_entry_without_its_colours(chat: Daemon, place: tuple[str, str]) -> None:
    output = "gcc -c x.c\n\x1b[01m\x1b[Kx.c:1:\x1b[m\x1b[K \x1b[31merror\x1b[m\n\n" + "more\n" * 20
    with bob_in(chat, "#send2") as bob:
        done = ran("send", *place, "--json", "--to", "#send2", "--fold", given=output)
        assert done.returncode == 0
        (entry,) = map(json.loads, done.stdout.splitlines())
        assert entry["type"] == "pasted"
        assert entry["text"].startswith("gcc -c x.c\nx.c:1: error\n\nmore\n")
        bob.reads("pasted 23 lines")


def test_more_than_a_paste_holds_becomes_several(place: tuple[str, str]) -> None:
    lines = [f"{number} {'x' * 60}" for number in range(2000)]
    done = ran("send", *place, "--json", "--to", "#send3", "--fold", given="\n".join(lines))
    assert done.returncode == 0
    texts = [json.loads(line)["text"] for line in done.stdout.splitlines()]
    assert len(texts) > 1
    assert "\n".join(texts).split("\n") == lines


def test_a_line_that_is_too_long_becomes_several_and_what_is_no_utf8_is_seen(
    place: tuple[str, str],
) -> None:
    given = "ä".encode() * 5000 + b"\ngr\xfcn\n\n"
    done = ran("send", *place, "--json", "--to", "#send4", given=given)
    texts = [json.loads(line)["text"] for line in done.stdout.splitlines()]
    assert "".join(texts[:-1]) == "ä" * 5000
    assert texts[-1] == "gr\ufffdn"


def test_what_is_no_text_is_not_folded(place: tuple[str, str]) -> None:
    done = ran("send", *place, "--to", "#send5", "--fold", given=b"\x7fELF\0\0\1")
    assert done.returncode == 1
    assert "base64" in done.stderr


def test_an_empty_pipe_says_nothing_and_that_it_did(place: tuple[str, str]) -> None:
    done = ran("send", *place, "--to", "#send6", given="\n\n")
    assert (done.returncode, done.stderr) == (
        0,
        "twisted-chat: nothing came, and nothing was said\n",
    )
    assert ran("send", *place, "--quiet", "--to", "#send6").stderr == ""


def test_whom_nobody_hears_is_refused_and_the_rest_is_not_read(place: tuple[str, str]) -> None:
    done = ran("send", *place, "--to", "zoe", given="x\n" * 10)
    assert done.returncode == 3
    assert "zoe is not here" in done.stderr


# tail and wait


def test_tail_shows_what_was_said_and_then_what_is(
    chat: Daemon, place: tuple[str, str], tmp_path: Path
) -> None:
    with bob_in(chat, "#tail1") as bob:
        bob.say("before")
        with running(tmp_path, "tail", *place, "#tail1", "--since", "1h") as tail:
            tail.prints(r"^\d\d:\d\d bob: before\n$")
            bob.say("after", "/me waves")
            tail.prints(r"bob: after\n\d\d:\d\d \* bob waves\n$")
            assert "joined" not in tail.output


def test_tail_with_json_has_each_entry_as_the_protocol_has_it(
    chat: Daemon, place: tuple[str, str], tmp_path: Path
) -> None:
    with bob_in(chat, "#tail2") as bob:
        bob.say("one")
        with running(tmp_path, "tail", *place, "#tail2", "--json") as tail:
            tail.prints('"text":"one"')
            bob.say("two")
            tail.prints('"text":"two"')
            entries = [json.loads(line) for line in tail.output.splitlines()]
            assert [entry["text"] for entry in entries] == ["one", "two"]
            assert {entry["room"] for entry in entries} == {"#tail2"}


def test_whoever_reads_a_tail_may_stop_and_it_ends_at_once(
    chat: Daemon, place: tuple[str, str]
) -> None:
    """As in: twisted-chat tail '#lab' | head -1"""
    with bob_in(chat, "#tail3") as bob:
        bob.say("one")
        process = subprocess.Popen(
            [*MODULE, "tail", *place, "#tail3"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().endswith(b"bob: one\n")
        process.stdout.close()
        assert process.wait(PATIENCE) == 0
        assert process.stderr.read() == b""
        process.stderr.close()


def test_wait_ends_when_she_speaks_and_shows_the_line(
    chat: Daemon, place: tuple[str, str], tmp_path: Path
) -> None:
    with bob_in(chat, "#wait1") as bob:
        bob.say("before")
        argv = ("wait", *place, "#wait1", "--from", "BOB", "--text", "green", "--timeout", "60s")
        with running(tmp_path, *argv) as waiting:
            bob.reads("joined")
            bob.say("red", "green at last")
            assert waiting.ends() == 0
            assert waiting.output == "bob: green at last\n"


# who, and names


def test_who_shows_the_others(chat: Daemon, place: tuple[str, str]) -> None:
    with Talker(chat.port, "bob"), Talker(chat.port, "cy"):
        done = ran("who", *place)
        assert [line.split()[0] for line in done.stdout.splitlines()] == ["bob", "cy"]
        people = json.loads(ran("who", *place, "--json", "c").stdout)
        assert ([one["name"] for one in people["people"]], people["count"]) == (["cy"], 1)


def test_a_name_that_is_taken_gets_a_number_and_stderr_tells(
    chat: Daemon, place: tuple[str, str]
) -> None:
    with bob_in(chat, "#names") as bob:
        done = ran("say", *place, "--name", "bob", "#names", "it is me")
        assert done.returncode == 0
        assert done.stderr == "twisted-chat: bob is taken: trying bob2\n"
        bob.reads("bob2: it is me\r\n")
        assert ran("say", *place, "--quiet", "--name", "bob", "#names", "again").stderr == ""


def test_the_password_of_a_name_may_be_in_a_file_or_in_a_keyring(
    chat: Daemon, place: tuple[str, str], tmp_path: Path
) -> None:
    with owner(chat.port, "olga") as olga:
        olga.goes()
    secret = tmp_path / "secret"
    secret.write_text(PASSWORD)
    secret.chmod(0o600)
    say = ("say", *place, "--name", "olga", "#owned", "it is me")
    assert ran(*say, "--password-file", str(secret)).returncode == 0
    assert ran(*say, "--password-command", f"cat {secret}").returncode == 0
    without = ran(*say)
    assert without.returncode == 3
    assert "The name olga is owned." in without.stderr
    secret.write_text("another one")
    wrong = ran(*say, "--password-file", str(secret))
    assert wrong.returncode == 3
    assert "another one" not in wrong.stderr


def test_the_password_of_the_chat_may_be_in_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(PASSWORD)
    secret.chmod(0o600)
    with daemon(tmp_path, "--password-file", str(secret)) as own:
        say = ("say", "--server", f"127.0.0.1:{own.port}", "#lab", "hi")
        assert ran(*say, "--password-file", str(secret)).returncode == 0
        assert ran(*say).returncode == 3


def test_where_it_goes_may_be_in_the_settings(chat: Daemon, tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    where = f'[servers.work]\nwhere = "ann@127.0.0.1:{chat.port}"\n'
    file.write_text(f'server = "work"\n\n{where}')
    with bob_in(chat, "#settings") as bob:
        assert ran("say", "--config", str(file), "#settings", "one").returncode == 0
        assert (
            ran("say", "--config", str(file), "--server", "work", "#settings", "2").returncode == 0
        )
        bob.reads("ann: one\r\n")
        bob.reads("ann: 2\r\n")


# over restarts


def test_a_pipe_loses_and_doubles_nothing_when_the_daemon_is_killed(tmp_path: Path) -> None:
    port, each = free_port(), 200
    options, where = ("--port", str(port), "--rate", "0"), ("--server", f"127.0.0.1:{port}")
    argv = ("send", *where, "--reconnect", "--name", "ann", "--to", "#lobby")
    with running(tmp_path, *argv) as sending:
        for first in (0, each):
            with daemon(tmp_path, *options, listen=False) as own:
                sending.type(*(f"line {one}" for one in range(first, first + each)))
                own.prints(rf"\[ann\] line {first + 20}\b")
                own.is_killed()
        with daemon(tmp_path, *options, listen=False):
            sending.ends_typing()
            assert sending.ends() == 0
            with running(tmp_path, "tail", *where, "--since", "1h", "--json", "#lobby") as tail:
                tail.prints(f'"text":"line {2 * each - 1}"')
                said = [json.loads(line)["text"] for line in tail.output.splitlines()]
    assert said == [f"line {one}" for one in range(2 * each)]


def test_a_tail_shows_each_entry_once_over_restarts(tmp_path: Path) -> None:
    port = free_port()
    options = ("--port", str(port))
    said = []
    with daemon(tmp_path, *options, listen=False) as own, Talker(port, "bob") as bob:
        bob.say("0")
        own.prints(r"\[bob\] 0")
        own.is_killed()
    with daemon(tmp_path, *options, listen=False) as own:
        argv = ("tail", "--server", f"127.0.0.1:{port}", "#lobby", "--since", "1h", "--json")
        with running(tmp_path, *argv) as tail:
            tail.prints('"text":"0"')
            own.is_killed()
            for number in (1, 2):
                with daemon(tmp_path, *options, listen=False) as own, Talker(port, "bob") as bob:
                    bob.say(str(number))
                    tail.prints(f'"text":"{number}"')
                    own.is_killed()
            said = [json.loads(line) for line in tail.output.splitlines()]
    assert [entry["text"] for entry in said] == ["0", "1", "2"]
    assert len({entry["id"] for entry in said}) == 3
