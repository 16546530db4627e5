"""The daemon put together from its options, on a reactor in memory; and the options themselves."""

import os
import resource
import socket
from collections.abc import Callable, Generator, Sequence
from math import inf
from pathlib import Path
from typing import Any

import pytest
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import serverFromString
from twisted.internet.error import CannotListenError
from twisted.internet.testing import MemoryReactorClock
from twisted.logger import LogEvent, capturedLogs, formatEvent
from twisted.python.usage import UsageError

from tests.doors.house import Wire
from twisted_chat import __version__
from twisted_chat.core.crowd import Bounds
from twisted_chat.core.history import Keep
from twisted_chat.core.limits import NO_LIMIT, Allowance
from twisted_chat.doors.line import ChatProtocol
from twisted_chat.option_files import LONGEST_MOTD
from twisted_chat.options import OTHER_FILES, Options, make_room
from twisted_chat.service import ChatService, keep_to_ourselves
from twisted_chat.visit import IN_FLIGHT


class MemorySocket:
    """Of a listening port: keeps what is set on it."""

    family = socket.AF_INET

    def __init__(self) -> None:
        self.options: dict[int, int] = {}

    def setsockopt(self, level: int, name: int, value: int) -> None:
        self.options[name] = value


class MemoryPort:
    """A listening port with a socket, which Twisted's own has not."""

    def __init__(self, address: object) -> None:
        self.socket = MemorySocket()
        self.listens = True
        self._address = address

    def getHost(self) -> object:
        return self._address

    def stopListening(self) -> None:
        self.listens = False


class Reactor(MemoryReactorClock):
    """Keeps the ports on which it listens. ``taken``: ports on which it cannot."""

    def __init__(self, taken: tuple[int, ...] = ()) -> None:
        super().__init__()
        self.ports: list[MemoryPort] = []
        self._taken = taken

    def listenTCP(self, port: int, factory: Any, backlog: int = 50, interface: str = "") -> Any:
        if port in self._taken:
            raise CannotListenError(interface, port, OSError(98, "Address already in use"))
        listening = MemoryPort(super().listenTCP(port, factory, backlog, interface).getHost())
        self.ports.append(listening)
        return listening


class Daemon:
    """A service that is running, as twistd would have it."""

    def __init__(self, *argv: str, taken: tuple[int, ...] = (), twistd: Any = None) -> None:
        self.reactor = Reactor(taken)
        self.options = Options()
        self.options.parent = twistd
        self.options.parseOptions(["--no-console", "--store", "memory:", *argv])
        self.options["endpoints"] = {  # options make them for the real reactor
            description: serverFromString(self.reactor, description)
            for description in self.options["endpoints"]
        }
        self.service = ChatService(self.options, self.reactor)
        self.service.privilegedStartService()
        self.service.startService()

    def connects(self, name: str = "") -> Wire:
        """Somebody at the door; with a name, somebody who is in."""
        protocol = self.service.factory.buildProtocol(None)
        assert isinstance(protocol, ChatProtocol)
        wire = Wire(self.reactor, "192.168.1.1")
        wire.protocol = protocol
        protocol.makeConnection(wire)
        if name:
            protocol.dataReceived(name.encode() + b"\n")
        self.turn()
        return wire

    def turn(self) -> None:
        for _ in range(3):
            self.reactor.advance(0.01)

    def stops(self) -> bool:
        """Whether the stop comes to its end while nobody hinders it."""
        stopped = Deferred.fromCoroutine(self.service.stopService())
        self.turn()
        return bool(stopped.called)


@pytest.fixture
def daemon() -> Daemon:
    return Daemon()


# the service


def test_it_listens_on_this_machine_only_unless_told(daemon: Daemon) -> None:
    [(port, factory, _, interface)] = daemon.reactor.tcpServers
    assert (port, interface) == (9999, "127.0.0.1")
    assert factory is daemon.service.factory


def test_the_backlog_is_long(daemon: Daemon) -> None:
    [(_, _, backlog, _)] = daemon.reactor.tcpServers
    assert backlog == 1024


def test_it_listens_where_the_options_say() -> None:
    daemon = Daemon("--port", "8000", "--interface", "0.0.0.0", "--listen", "tcp:8001")
    assert [server[0] for server in daemon.reactor.tcpServers] == [8000, 8001]
    assert daemon.reactor.tcpServers[0][3] == "0.0.0.0"


def test_all_listeners_share_one_limit_of_clients() -> None:
    daemon = Daemon("--listen", "tcp:8000", "--listen", "tcp:8001")
    assert len({id(server[1]) for server in daemon.reactor.tcpServers}) == 1


def test_small_segments_are_not_delayed_and_dead_peers_are_noticed(daemon: Daemon) -> None:
    [port] = daemon.reactor.ports
    assert port.socket.options[socket.TCP_NODELAY] == 1
    assert port.socket.options[socket.SO_KEEPALIVE] == 1


def test_it_does_not_listen_twice(daemon: Daemon) -> None:
    """twistd makes both a privileged start and a start; twist the second only."""
    assert len(daemon.reactor.tcpServers) == 1


def test_a_port_that_is_taken_is_told_in_one_line_and_ends_it(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended:
        Daemon("--listen", "tcp:8000", taken=(8000,))
    assert ended.value.code == 1
    assert capfd.readouterr().err == "chat: cannot listen on tcp:8000: Address already in use\n"


def test_the_sweeper_sends_away_who_gives_no_name() -> None:
    daemon = Daemon("--handshake-timeout", "10s")
    wire = daemon.connects()
    daemon.reactor.pump([1.0] * 12)
    assert b"No name was given within 10s" in wire.value()
    assert not wire.connected


def test_the_sweeper_sends_away_who_is_silent() -> None:
    daemon = Daemon("--idle-timeout", "1m")
    wire = daemon.connects("ann")
    daemon.reactor.pump([5.0] * 14)
    assert b"You were silent for 1m" in wire.value()


def test_the_sweeper_sends_away_who_reads_nothing() -> None:
    daemon = Daemon("--stall-timeout", "10s")
    wire = daemon.connects("ann")
    wire.protocol.outbox.pauseProducing()
    daemon.reactor.pump([1.0] * 12)
    assert not wire.connected


def test_a_file_that_cannot_be_used_is_told_in_one_line_and_ends_it(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended:
        Daemon("--store", "sqlite:/nowhere/chat.sqlite")
    assert ended.value.code == 1
    told = capfd.readouterr().err
    assert told.startswith("chat: ")
    assert "/nowhere" in told
    assert told.count("\n") == 1


def test_where_nothing_is_kept_nobody_is_told_that_it_is(daemon: Daemon) -> None:
    assert b"kept" not in daemon.connects("ann").value()


def test_the_limit_of_clients_is_that_of_the_options() -> None:
    daemon = Daemon("--max-clients", "1")
    daemon.connects("ann")
    assert b"The chat is full (1 of 1)" in daemon.connects("bob").value()


def test_one_address_has_a_fifth_of_the_chat_and_a_pace() -> None:
    bounds = Daemon().service.factory.door.bounds
    assert (bounds.most, bounds.of_one, bounds.nameless_of_one, bounds.nameless) == (
        *(500, 100, 20, 125),
    )
    assert (bounds.pace, bounds.pace_of_all.burst) == (Allowance(1.0, 100.0), 1000.0)


def test_in_a_small_chat_one_address_has_room_for_a_family() -> None:
    assert Daemon("--max-clients", "30").service.factory.door.bounds.of_one == 20


def test_where_no_pace_is_kept_one_address_may_have_all_of_it() -> None:
    bounds = Daemon("--rate", "0", "--max-clients", "800").service.factory.door.bounds
    assert bounds == Bounds(800)


def test_limits_for_one_address_can_be_set_where_no_pace_is_kept() -> None:
    typed = ("--per-address", "40", "--nameless", "3", "--connects", "120", "--rate", "0")
    bounds = Daemon(*typed).service.factory.door.bounds
    assert (bounds.of_one, bounds.nameless_of_one) == (40, 3)
    assert bounds.pace == Allowance(2.0, 120.0)


def test_the_limit_of_a_line_is_that_of_the_options() -> None:
    daemon = Daemon("--max-line", "100")
    wire = daemon.connects("ann")
    wire.protocol.dataReceived(b"x" * 101 + b"\n")
    daemon.turn()
    assert b"more than 100 bytes" in wire.value()


def test_the_rate_is_that_of_the_options() -> None:
    daemon = Daemon("--rate", "0.5")
    wire = daemon.connects("ann")
    wire.protocol.dataReceived(b"hello\n" * 3)
    daemon.turn()
    assert b"0.5 a second" in wire.value()


def test_rate_zero_is_no_limit() -> None:
    daemon = Daemon("--rate", "0")
    wire = daemon.connects("ann")
    wire.clear()
    wire.protocol.dataReceived(b"/msg ann psst\n" * 1000)
    daemon.turn()
    assert wire.producerState == "producing"
    assert wire.value().count(b"That is you") == 1000


def test_whoever_talks_without_a_limit_waits_for_the_store_alone() -> None:
    daemon = Daemon("--rate", "0")
    ann, bob = daemon.connects("ann"), daemon.connects("bob")
    ann.protocol.dataReceived(b"hello\n" * 1000)
    assert ann.producerState == "paused"
    for _ in range(1 + 1000 // IN_FLIGHT):
        daemon.turn()
    assert ann.producerState == "producing"
    assert bob.value().count(b"ann: hello\r\n") == 1000


@pytest.mark.parametrize("option", ["--confirm", "--solo"])
def test_what_is_said_is_confirmed_where_that_is_wanted(option: str) -> None:
    daemon = Daemon(option)
    wire = daemon.connects("ann")
    wire.protocol.dataReceived(b"hello\n")
    daemon.turn()
    assert wire.value().endswith(b"Server: I received your message - 'hello'\r\n")


def test_in_a_solo_chat_nobody_hears_another() -> None:
    daemon = Daemon("--solo")
    ann, bob = daemon.connects("ann"), daemon.connects("bob")
    bob.clear()
    ann.protocol.dataReceived(b"hello\n")
    daemon.turn()
    assert bob.value() == b""


def test_the_motd_is_read_by_everyone_who_enters(tmp_path: Path) -> None:
    (tmp_path / "motd").write_text("be kind\n")
    daemon = Daemon("--motd", str(tmp_path / "motd"))
    assert b"-- be kind\r\n" in daemon.connects("ann").value()


def test_exit_stops_the_server_where_that_is_wanted() -> None:
    daemon = Daemon("--exit-stops-server")
    daemon.connects("ann").protocol.dataReceived(b"exit\n")
    daemon.turn()
    assert daemon.reactor.hasStopped


def test_exit_stops_nothing_otherwise(daemon: Daemon) -> None:
    daemon.connects("ann").protocol.dataReceived(b"exit\n")
    daemon.turn()
    assert not daemon.reactor.hasStopped


def test_an_end_that_was_asked_for_stops_the_reactor_and_tells_the_reason(daemon: Daemon) -> None:
    wire = daemon.connects("ann")
    daemon.service.hub.stop(0.0, "new kernel")
    assert daemon.reactor.hasStopped
    assert daemon.stops()
    assert b"-- Server is shutting down. new kernel\r\n" in wire.value()


def test_a_stop_tells_everyone_and_ends(daemon: Daemon) -> None:
    ann, stranger = daemon.connects("ann"), daemon.connects()
    assert daemon.stops()
    assert ann.value().endswith(b"-- Server is shutting down.\r\n")
    assert stranger.value().endswith(b"Server is shutting down.\r\nGoodbye!\r\n")
    assert (ann.connected, stranger.connected) == (False, False)


def test_a_stop_listens_no_more_and_leaves_no_timer(daemon: Daemon) -> None:
    daemon.connects("ann")
    daemon.service.hub.stop(600.0, "later")
    assert daemon.stops()
    assert [port.listens for port in daemon.reactor.ports] == [False]
    assert daemon.reactor.getDelayedCalls() == []


def test_what_was_said_before_the_stop_is_read(daemon: Daemon) -> None:
    ann, bob = daemon.connects("ann"), daemon.connects("bob")
    ann.protocol.dataReceived(b"hello\n")
    assert daemon.stops()
    assert b"ann: hello\r\n-- Server is shutting down.\r\n" in bob.value()


def test_a_stop_without_anybody_here_ends_at_once(daemon: Daemon) -> None:
    assert daemon.stops()


# the operators' socket


def test_it_listens_for_operators_where_it_is_told_and_nowhere_else(tmp_path: Path) -> None:
    path = tmp_path / "admin.sock"
    daemon = Daemon("--admin", f"unix:{path}")
    [(address, factory, _, mode, _)] = daemon.reactor.unixServers
    assert (address, factory, mode) == (str(path), daemon.service.operators, 0o600)
    assert daemon.stops()
    assert Daemon().reactor.unixServers == []


def test_operators_have_no_limit_of_lines_and_of_silence(tmp_path: Path) -> None:
    daemon = Daemon("--rate", "1", "--idle-timeout", "1s", "--stall-timeout", "5m")
    rules = daemon.service.operators.rules
    assert rules.allowance == NO_LIMIT
    assert (rules.watch.idle.limit, rules.watch.stalled.limit) == (inf, 300.0)


def test_a_socket_that_another_daemon_has_is_told_in_one_line(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "admin.sock"
    daemon = Daemon("--admin", f"unix:{path}")
    with pytest.raises(SystemExit):
        Daemon("--admin", f"unix:{path}")
    told = f"chat: no console for operators: {path} is in use by another daemon\n"
    assert capfd.readouterr().err == told
    assert daemon.stops()


# the options


def parsed(*argv: str) -> Options:
    options = Options()
    options.parseOptions(argv)
    return options


def listens(*argv: str) -> list[str]:
    return list(parsed(*argv)["endpoints"])


LOCAL = "tcp:9999:interface=127.0.0.1:backlog=1024"


def test_the_defaults_are_fit_for_use() -> None:
    options = parsed()
    assert listens() == [LOCAL]
    assert (options["max-clients"], options["max-line"], options["rate"]) == (500, 4096, 5.0)
    assert (options["handshake-timeout"], options["idle-timeout"]) == (60.0, inf)
    assert (options["flush-delay"], options["motd"]) == (0.0, "")
    assert (options["store"], options["keep"]) == (Path("chat.sqlite"), Keep())
    assert (options["durability"], options["replay"]) == ("power", 20)
    assert options["stall-timeout"] == 300.0


def test_listen_alone_listens_only_there() -> None:
    assert listens("--listen", "tcp:8000", "--listen", "tcp:8001") == ["tcp:8000", "tcp:8001"]


def test_listen_and_port_listen_on_both() -> None:
    assert listens("--listen", "tcp:8000", "--port", "9999") == [LOCAL, "tcp:8000"]


def test_listen_and_interface_listen_on_both() -> None:
    assert listens("--listen", "tcp:8000", "--interface", "127.0.0.1") == [LOCAL, "tcp:8000"]


def test_an_ipv6_interface_is_listened_on_as_such() -> None:
    assert listens("--interface", "::1") == [r"tcp6:9999:interface=\:\:1:backlog=1024"]


def test_times_are_read_as_people_write_them() -> None:
    options = parsed("--handshake-timeout", "1m30s", "--idle-timeout", "2h")
    assert (options["handshake-timeout"], options["idle-timeout"]) == (90.0, 7200.0)


def test_a_timeout_of_zero_is_no_timeout() -> None:
    assert parsed("--idle-timeout", "0")["idle-timeout"] == inf


def test_what_is_said_is_kept_in_a_file_or_nowhere() -> None:
    assert parsed("--store", "sqlite:/var/chat/log.db")["store"] == Path("/var/chat/log.db")
    assert parsed("--store", "memory:")["store"] is None


@pytest.mark.parametrize(
    ("typed", "keep"),
    [
        ("30d", Keep(seconds=30 * 86400.0)),
        ("10000", Keep(entries=10_000)),
        ("forever", Keep()),
        (" 1h30m ", Keep(seconds=5400.0)),
    ],
)
def test_how_long_it_is_kept_is_a_time_or_a_number_of_lines(typed: str, keep: Keep) -> None:
    assert parsed("--keep", typed)["keep"] == keep


def test_the_flush_delay_is_in_milliseconds() -> None:
    assert parsed("--flush-delay", "5")["flush-delay"] == 0.005


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        ("--port x", "--port wants a number from 0 to 65535, and not x"),
        ("--port 65536", "--port wants a number from 0 to 65535, and not 65536"),
        ("--port -1", "--port wants a number from 0 to 65535, and not -1"),
        ("--max-clients 0", "--max-clients wants a number from 1 to 1000000, and not 0"),
        ("--max-clients many", "--max-clients wants a number from 1 to 1000000, and not many"),
        ("--max-line 10", "--max-line wants a number from 64 to 1048576, and not 10"),
        ("--rate -1", "--rate wants a number from 0 to 1000000, and not -1"),
        ("--rate nan", "--rate wants a number from 0 to 1000000, and not nan"),
        ("--rate inf", "--rate wants a number from 0 to 1000000, and not inf"),
        ("--flush-delay 1e9", "--flush-delay wants a number from 0 to 60000, and not 1e9"),
        (
            "--handshake-timeout soon",
            "--handshake-timeout wants a time such as 90s, 10m or forever, and not soon",
        ),
        (
            "--idle-timeout -5",
            "--idle-timeout wants a time such as 90s, 10m or forever, and not -5",
        ),
        ("--motd /nowhere/motd", "--motd /nowhere/motd: No such file or directory"),
        ("--motd /", "--motd /: Is a directory"),
        ("--store redis:", "--store wants sqlite:FILE or memory:, and not redis:"),
        ("--store memory:x", "--store wants sqlite:FILE or memory:, and not memory:x"),
        ("--store memory", "--store wants sqlite:FILE or memory:, and not memory"),
        ("--store sqlite:", "--store wants sqlite:FILE or memory:, and not sqlite:"),
        *(
            (
                f"--keep {typed}",
                f"--keep wants a time such as 30d, a number of lines, or forever, and not {typed}",
            )
            for typed in ("0", "0d", "-1", "soon")
        ),
        ("--durability fsync", "--durability wants power or process, and not fsync"),
        ("--replay -1", "--replay wants a number from 0 to 1000, and not -1"),
        ("--replay 1001", "--replay wants a number from 0 to 1000, and not 1001"),
        (
            "--stall-timeout soon",
            "--stall-timeout wants a time such as 90s, 10m or forever, and not soon",
        ),
        ("--admin tcp:9998", "--admin wants unix:FILE, and not tcp:9998"),
        ("--admin admin.sock", "--admin wants unix:FILE, and not admin.sock"),
        ("--admin unix:", "--admin wants unix:FILE, and not unix:"),
        ("--admin unix:a:mode=666", "--admin wants unix:FILE, and not unix:a:mode=666"),
        (f"--admin unix:{'x' * 108}", f"--admin unix:{'x' * 108}: longer than 107 bytes"),
        ("hello", "hello is no option. --help shows them all"),
    ],
)
def test_a_wrong_value_is_told_in_one_line_with_status_1(
    capfd: pytest.CaptureFixture[str], argv: str, told: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        parsed(*argv.split())
    assert ended.value.code == 1
    assert capfd.readouterr().err == f"chat: {told}\n"


@pytest.mark.parametrize(
    "argv",
    [
        "--frobnicate",
        "--port",
        "--no-console=yes",
        "--listen nonsense:1",
        "--listen tcp",
        "--listen tcp:x",
        "--listen tls:/nowhere:1",
        "--listen unix",
        "--listen 9999",
    ],
)
def test_what_cannot_be_used_is_told_in_one_line_with_status_1(
    capfd: pytest.CaptureFixture[str], argv: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        parsed(*argv.split())
    assert ended.value.code == 1
    told = capfd.readouterr().err
    assert told.startswith("chat: ")
    assert told.count("\n") == 1


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"caf\xe9", "it is not UTF-8"), (b"x" * (LONGEST_MOTD + 1), f"longer than {LONGEST_MOTD}")],
)
def test_a_motd_that_cannot_be_shown_is_told(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, content: bytes, why: str
) -> None:
    (tmp_path / "motd").write_bytes(content)
    with pytest.raises(SystemExit):
        parsed("--motd", str(tmp_path / "motd"))
    assert why in capfd.readouterr().err


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parsed("--version")
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"twisted_chat {__version__}\n"


# room for files


@pytest.fixture
def limit() -> Generator[Callable[[], int], None, None]:
    """A limit of 256 open files; gives what it is by now."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, before[1]))
    yield lambda: resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_room_is_made_for_more_clients(limit: Callable[[], int]) -> None:
    make_room(300)
    assert limit() == 300 + OTHER_FILES


def test_room_that_is_there_is_left_as_it_is(limit: Callable[[], int]) -> None:
    make_room(10)
    assert limit() == 256


def test_more_clients_than_this_process_may_have_are_refused(limit: Callable[[], int]) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with pytest.raises(UsageError, match=f"the limit is {hard}"):
        make_room(hard)
    assert limit() == 256


# what the operator is told


# the journal


def test_without_a_console_comings_and_goings_are_journalled() -> None:
    daemon = Daemon(twistd={"nodaemon": 1, "logfile": "chat.log"})
    assert daemon.service.hub.watched
    daemon.stops()


def test_nothing_is_journalled_for_dev_null_which_twistd_would_rotate() -> None:
    """At a megabyte it renames its log and makes a new file, also where that is the device."""
    daemon = Daemon(twistd={"nodaemon": 1, "logfile": os.devnull})
    assert not daemon.service.hub.watched
    daemon.stops()


# what it means


def said(events: Sequence[LogEvent]) -> str:
    return "\n".join(formatEvent(event) for event in events)


def test_what_it_means_that_others_reach_it_is_said_at_the_start_and_when_it_is_another(
    tmp_path: Path,
) -> None:
    (tmp_path / "secret").write_text("a shed full of ladders\n")
    (tmp_path / "secret").chmod(0o600)
    settings = tmp_path / "chat.toml"
    settings.write_text(f'interface = "0.0.0.0"\npassword-file = "{tmp_path}/secret"\n')
    with capturedLogs() as events:
        daemon = Daemon("--config", str(settings))
    assert "-- whoever is on the way to 0.0.0.0:9999 can read and change" in said(events)
    assert "may come in" not in said(events)
    with capturedLogs() as events:
        daemon.service.live.rehash()
    assert said(events) == ""
    settings.write_text('interface = "0.0.0.0"\n')
    with capturedLogs() as events:
        daemon.service.live.rehash()
    assert "-- whoever reaches 0.0.0.0:9999 may come in and talk" in said(events)
    daemon.stops()


@pytest.mark.skipif(os.geteuid() != 0, reason="it is for root")
def test_root_is_told_how_to_run_it_as_another() -> None:
    with capturedLogs() as events:
        daemon = Daemon()
    assert "-- this runs as root, which it has no need of" in said(events)
    assert "--uid chat --rundir /var/lib/chat" in said(events)
    daemon.stops()


def test_what_it_makes_is_for_its_user_alone_and_no_core_is_dumped() -> None:
    before, limits = os.umask(0o002), resource.getrlimit(resource.RLIMIT_CORE)
    try:
        keep_to_ourselves()
        assert os.umask(0o077) == 0o077
        assert resource.getrlimit(resource.RLIMIT_CORE) == (0, limits[1])
    finally:
        os.umask(before)
        resource.setrlimit(resource.RLIMIT_CORE, limits)


def test_a_connection_of_which_twisted_has_lost_sight_does_not_keep_the_daemon() -> None:
    daemon = Daemon()
    wire = daemon.connects("ann")
    wire.disconnecting = True  # whatever it is told from now on, nothing comes of it
    stopped = Deferred.fromCoroutine(daemon.service.stopService())
    daemon.turn()
    assert not stopped.called
    for _ in range(9):
        daemon.reactor.advance(1.0)
    assert stopped.called
