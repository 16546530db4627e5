"""Which server is meant: what is typed, what the settings say, and where one was last."""

import pytest

from twisted_chat.client.options import parse
from twisted_chat.client.servers import Server, chosen
from twisted_chat.client.settings import Settings, Table
from twisted_chat.client.where import Address, WrongUse

PIN, OTHER = (f"sha256//{letter * 43}=" for letter in "AE")
KNOWN = Settings(
    {},
    {
        "work": {"where": "ann@chat.example", "tls": True, "pin": PIN, "password-file": "~/secret"},
        "home": {"endpoint": "unix:/run/chat.sock", "name": "bob"},
    },
)


def meant(*argv: str, known: Settings = KNOWN, last: Table | None = None) -> Server:
    return chosen(parse(argv), known, last or {})


def test_with_nothing_known_it_is_this_machine() -> None:
    assert meant(known=Settings()).at == Address("localhost")


def test_a_name_of_the_settings_is_the_server_with_all_that_is_known_of_it() -> None:
    server = meant("work")
    assert server.at == Address("chat.example", name="ann")
    assert (server.tls, server.pins, server.name) == (True, frozenset({PIN}), "ann")
    assert server.password_file == "~/secret"


def test_with_a_port_it_is_a_host_of_that_name() -> None:
    server = meant("work:9999")
    assert (server.at, server.tls, server.password_file) == (Address("work"), False, "")


def test_a_server_that_is_named_has_the_name_that_is_typed_before_it() -> None:
    assert meant("zoe@work").name == "zoe"
    assert meant("work", "--name", "eve").name == "eve"
    assert meant("home").name == "bob"


def test_an_endpoint_of_the_settings_is_one() -> None:
    assert meant("home").endpoint == "unix:/run/chat.sock"


def test_without_a_server_it_is_the_one_of_the_settings_or_else_the_last() -> None:
    last: Table = {"where": "old.example:1", "tls": True}
    assert str(meant(last=last)) == "old.example:1"
    assert meant(last=last).tls
    known = Settings({"server": "work"}, KNOWN.servers)
    assert str(meant(known=known, last=last)) == "chat.example:9999"


def test_the_last_server_that_had_a_name_is_what_it_is_now() -> None:
    assert meant("work").known == (("server", "work"),)
    assert str(meant(last={"server": "work"})) == "chat.example:9999"
    assert str(meant(last={"server": "gone"})) == "localhost:9999"


def test_what_is_remembered_leads_there_again_and_has_no_password() -> None:
    argv = ["chat.example:1", "--pin", PIN, "--password-file", "secret", "--name", "ann"]
    server = meant(*argv)
    again = meant(last=dict(server.known))
    assert (again.at, again.pins, again.tls) == (server.at, server.pins, True)
    assert again.password_file == ""


def test_what_is_typed_wins_over_the_settings() -> None:
    server = meant("work", "--pin", OTHER, "--password-command", "pass show chat")
    assert server.pins == {OTHER}
    assert (server.password_file, server.password_command) == ("", "pass show chat")


def test_a_pin_means_tls_and_nothing_takes_tls_away() -> None:
    assert meant("host", "--pin", PIN).tls
    assert meant("work").tls


def test_at_an_endpoint_nothing_holds_that_is_known_of_a_server() -> None:
    known = Settings({"server": "work"}, KNOWN.servers)
    server = meant("--endpoint", "tcp:evil.example:1", known=known, last={"server": "work"})
    assert (server.password_file, server.at) == ("", None)
    assert meant("zoe@work", "--endpoint", "tcp:host:1").name == "zoe"


@pytest.mark.parametrize(
    ("argv", "why"),
    [
        (["--endpoint", "ssl:host:1"], "tls:HOST:PORT does"),
        (["--endpoint", "unix:x", "--tls"], "an endpoint is tls:HOST:PORT"),
        (["host", "--pin", "abc"], "--pin: a pin is sha256//"),
        (["host", "--password-file", "a", "--password-command", "b"], "and not both"),
        (["host:x"], "x is no port"),
    ],
)
def test_what_cannot_be_is_refused_in_words(argv: list[str], why: str) -> None:
    with pytest.raises(WrongUse, match=why):
        meant(*argv)
