"""Options that are read again while people talk, on a reactor in memory."""

import resource
from collections.abc import Callable
from math import inf
from pathlib import Path

import pytest

from tests.test_service import Daemon
from twisted_chat.core.history import Keep
from twisted_chat.core.passwords import Secret
from twisted_chat.core.refusals import Refusal
from twisted_chat.options import OTHER_FILES, Options
from twisted_chat.rehash import LIVE, PLACES


class Chat(Daemon):
    """A daemon with a file of options."""

    def __init__(self, folder: Path, text: str = "", *argv: str) -> None:
        self.file = folder / "chat.toml"
        self.says(text)
        super().__init__("--config", str(self.file), *argv)

    def says(self, text: str) -> None:
        self.file.write_text(text)

    def becomes(self, text: str) -> str:
        """The file says this instead, and is read again; what the operator is told."""
        self.says(text)
        return self.service.hub.reread("")


# what is said


def test_where_nothing_is_different_nothing_has_changed(tmp_path: Path) -> None:
    chat = Chat(tmp_path, "rate = 7\n")
    assert chat.becomes("rate = 7.0 # the same\n") == "nothing has changed"


def test_what_has_changed_is_named(tmp_path: Path) -> None:
    chat = Chat(tmp_path, "rate = 7\n")
    assert chat.becomes("max-clients = 7\n") == "max-clients, rate: changed"


def test_what_cannot_change_is_named_each_time(tmp_path: Path) -> None:
    chat = Chat(tmp_path)
    for _ in range(2):
        told = chat.becomes('solo = true\ndurability = "process"\n')
        assert told == ("durability, solo: cannot change while the chat runs; start it anew")
    assert not chat.service.options["solo"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("port = 9998", "port"),
        ('interface = "0.0.0.0"', "interface"),
        ('listen = ["tcp:9998"]', "listen"),
        ('port = 9998\nlisten = ["tcp:1"]', "port, listen"),
    ],
)
def test_where_it_listens_cannot_change(tmp_path: Path, text: str, named: str) -> None:
    chat = Chat(tmp_path)
    assert chat.becomes(text).startswith(f"{named}: cannot change")
    assert list(chat.service.options["endpoints"]) == list(chat.options["endpoints"])


def test_the_same_place_in_other_words_is_no_change(tmp_path: Path) -> None:
    chat = Chat(tmp_path)
    assert chat.becomes('port = 9999\ninterface = "127.0.0.1"\n') == "nothing has changed"


def test_what_is_typed_wins_when_the_file_is_read_again_too(tmp_path: Path) -> None:
    chat = Chat(tmp_path, "", "--rate", "7")
    assert chat.becomes("rate = 8\n") == "nothing has changed"
    assert chat.service.options["rate"] == 7.0


def test_a_file_that_is_wrong_changes_nothing_and_all_of_it_is_told(tmp_path: Path) -> None:
    chat = Chat(tmp_path, "rate = 7\n")
    with pytest.raises(Refusal) as caught:
        chat.becomes("rate = 8\nmax-line = 1\nmotto = 5\n")
    assert caught.value.code == "not-reread"
    assert f"{chat.file}, line 2: --max-line wants" in caught.value.sentence
    assert f"{chat.file}, line 3: there is no option motto" in caught.value.sentence
    assert chat.service.factory.rules.allowance.rate == 7.0


def test_more_clients_than_there_is_room_for_change_nothing(tmp_path: Path) -> None:
    chat, (_, most) = Chat(tmp_path), resource.getrlimit(resource.RLIMIT_NOFILE)
    if most == resource.RLIM_INFINITY or most > 1_000_000 + OTHER_FILES:
        pytest.skip("there is room for a million")
    with pytest.raises(Refusal, match="line 1: --max-clients 1000000 is more than"):
        chat.becomes("max-clients = 1000000\nrate = 7\n")
    assert chat.service.factory.rules.allowance.rate == 5.0


def test_every_option_can_change_or_is_known_not_to() -> None:
    rest = set(Options().kinds) - LIVE
    assert rest == {*PLACES, "store", "durability", "solo", "no-console", "admin"}


# what changes


def changed(chat: Chat, option: str) -> object:
    """What of that option holds for those who are here."""
    service = chat.service
    house, door, watch = service.hub.chat.house, service.factory.door, service.watch
    keys = service.hub.keys
    holds: dict[str, Callable[[], object]] = {
        "auth": lambda: keys.authority is not None,
        "confirm": lambda: door.text.confirm,
        "connects": lambda: round(door.bounds.pace.rate * 60),
        "exempt": lambda: door.bounds.exempt,
        "exit-stops-server": lambda: bool(house.exit_stops),
        "flush-delay": lambda: service.hub.logs.delay,
        "handshake-timeout": lambda: watch.naming.limit,
        "idle-timeout": lambda: watch.idle.limit,
        "keep": lambda: service.options["keep"],
        "max-clients": lambda: door.bounds.most,
        "max-line": lambda: door.longest,
        "members-only": lambda: house.members_only,
        "motd": lambda: house.motd,
        "nameless": lambda: door.bounds.nameless_of_one,
        "operator": lambda: house.operators,
        "password-file": lambda: keys.house,
        "per-address": lambda: door.bounds.of_one,
        "rate": lambda: service.factory.rules.allowance.rate,
        "replay": lambda: house.replay,
        "rooms": lambda: house.free_rooms,
        "stall-timeout": lambda: watch.stalled.limit,
    }
    assert set(holds) == LIVE
    return holds[option]()


@pytest.mark.parametrize(
    ("line", "before", "after"),
    [
        ('auth = ["memory:ann:swordfish"]', False, True),
        ("confirm = true", False, True),
        ("connects = 600", 60, 600),
        ('exempt = ["127.0.0.1"]', (), ("net:127.0.0.1/32",)),
        ("exit-stops-server = true", False, True),
        ("flush-delay = 5", 0.0, 0.005),
        ('handshake-timeout = "5s"', 60.0, 5.0),
        ("idle-timeout = 600", inf, 600.0),
        ('keep = "30d"', Keep(), Keep(seconds=30 * 86400.0)),
        ("max-clients = 7", 500, 7),
        ("max-line = 100", 4096, 100),
        ("members-only = true", False, True),
        ('operator = ["Ann"]', frozenset(), frozenset({"ann"})),
        ("nameless = 5", 20, 5),
        ("per-address = 0", 100, inf),
        ("rate = 0", 5.0, 0.0),
        ("replay = 7", 20, 7),
        ('rooms = "operators"', True, False),
        ('stall-timeout = "forever"', 300.0, inf),
    ],
)
def test_what_can_change_does_and_changes_back(
    tmp_path: Path, line: str, before: object, after: object
) -> None:
    option = line.split()[0]
    chat = Chat(tmp_path)
    assert changed(chat, option) == before
    assert chat.becomes(line) == f"{option}: changed"
    assert changed(chat, option) == after
    assert chat.becomes("") == f"{option}: changed"
    assert changed(chat, option) == before


def test_nobody_is_dropped_when_there_may_be_fewer(tmp_path: Path) -> None:
    chat = Chat(tmp_path)
    ann, bob = chat.connects("ann"), chat.connects("bob")
    chat.becomes("max-clients = 1\n")
    chat.turn()
    assert ann.connected
    assert bob.connected
    assert b"The chat is full (2 of 1)" in chat.connects("cy").value()


def test_who_was_silent_before_there_was_a_limit_must_go_too(tmp_path: Path) -> None:
    chat = Chat(tmp_path)
    ann = chat.connects("ann")
    chat.becomes('idle-timeout = "10s"\n')
    chat.reactor.pump([1.0] * 12)
    assert b"You were silent for 10s" in ann.value()


def test_operators_who_read_nothing_must_go_by_the_limit_that_holds(tmp_path: Path) -> None:
    chat = Chat(tmp_path)
    chat.becomes('stall-timeout = "10s"\n')
    assert chat.service.operators.rules.watch.stalled.limit == 10.0


def test_a_connection_keeps_the_longest_line_that_it_was_made_with(tmp_path: Path) -> None:
    chat = Chat(tmp_path, "max-line = 100\n")
    ann = chat.connects("ann")
    chat.becomes("max-line = 200\n")
    bob = chat.connects("bob")
    for wire in (ann, bob):
        wire.protocol.dataReceived(b"x" * 150 + b"\n")
    chat.turn()
    assert b"more than 100 bytes" in ann.value()
    assert f"bob: {'x' * 150}".encode() in ann.value()


def test_a_rehash_leaves_one_sweeper_and_no_other_timer(tmp_path: Path) -> None:
    chat = Chat(tmp_path)
    before = len(chat.reactor.getDelayedCalls())
    for rate in range(1, 5):
        chat.becomes(f"rate = {rate}\n")
    assert len(chat.reactor.getDelayedCalls()) == before
    assert chat.stops()
    assert chat.reactor.getDelayedCalls() == []


def test_a_house_without_a_limit_of_lines_is_not_calm(tmp_path: Path) -> None:
    chat = Chat(tmp_path)
    for rate, calm in ((0, False), (5, True)):
        chat.becomes(f"rate = {rate}\n")
        assert chat.service.hub.chat.house.calm is calm


# the password that all share


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    (tmp_path / "secret").write_text("swordfish\n")
    (tmp_path / "secret").chmod(0o600)
    return tmp_path / "secret"


def test_the_shared_password_is_read_again(tmp_path: Path, secret: Path) -> None:
    text = f'password-file = "{secret}"\n'
    chat = Chat(tmp_path, text)
    assert chat.becomes(text) == "nothing has changed"
    secret.write_text("sardines\n")
    assert chat.becomes(text) == "password-file: changed"
    assert chat.service.hub.keys.house == Secret("sardines")
    assert chat.becomes("") == "password-file: changed"
    assert chat.service.hub.keys.house is None


def test_a_shared_password_that_others_may_read_changes_nothing(
    tmp_path: Path, secret: Path
) -> None:
    chat = Chat(tmp_path)
    chat.becomes(text := f'password-file = "{secret}"\n')
    secret.write_text("sardines\n")
    secret.chmod(0o644)
    with pytest.raises(Refusal, match="others than its owner may read it: chmod 600"):
        chat.becomes(text)
    assert chat.service.hub.keys.house == Secret("swordfish")


# the MOTD


@pytest.fixture
def motd(tmp_path: Path) -> Path:
    (tmp_path / "motd").write_text("be kind\n")
    return tmp_path / "motd"


def test_the_motd_is_read_again_with_the_options(tmp_path: Path, motd: Path) -> None:
    text = f'motd = "{motd}"\n'
    chat = Chat(tmp_path, text)
    motd.write_text("be quick\n")
    assert chat.becomes(text) == "motd: changed"
    assert b"-- be quick\r\n" in chat.connects("ann").value()


def test_the_motd_alone_is_read_again(tmp_path: Path, motd: Path) -> None:
    chat = Chat(tmp_path, f'motd = "{motd}"\nrate = 7\n')
    motd.write_text("be quick\n")
    chat.says("rate = 8\n")
    assert chat.service.hub.reread("motd") == "all who enter read that now"
    assert b"-- be quick\r\n" in chat.connects("ann").value()
    assert chat.service.factory.rules.allowance.rate == 7.0


def test_a_motd_that_cannot_be_read_is_left_as_it_was(tmp_path: Path, motd: Path) -> None:
    chat = Chat(tmp_path, f'motd = "{motd}"\n')
    motd.unlink()
    for what in ("", "motd"):
        with pytest.raises(Refusal, match="No such file"):
            chat.service.hub.reread(what)
    assert b"-- be kind\r\n" in chat.connects("ann").value()


def test_a_motd_without_a_file_cannot_be_read_again(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="there is no file of it"):
        Chat(tmp_path).service.hub.reread("motd")


def test_what_an_operator_has_set_holds_until_the_file_is_read(tmp_path: Path, motd: Path) -> None:
    text = f'motd = "{motd}"\n'
    chat = Chat(tmp_path, text)
    chat.service.hub.chat.house.motd = "be quick"
    assert chat.becomes(text) == "motd: changed"
    assert chat.service.hub.chat.house.motd == "be kind\n"
