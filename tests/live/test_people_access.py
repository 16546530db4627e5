"""Who may come in, on a real daemon: options, the allowlist, and bans of addresses."""

import re
from pathlib import Path

import pytest

from tests.live.daemon import Talker, daemon
from tests.live.person import PASSWORD, Person, owner, returned


def turned_away(port: int, address: str, name: str) -> str:
    """What somebody from there reads who may not come in."""
    with Person(port, address) as one:
        one.reads("What's your name?\r\n")
        one.say(name)
        return one.reads("\r\n")


def test_members_only_lets_those_in_who_own_their_names(tmp_path: Path) -> None:
    with daemon(tmp_path) as chat, owner(chat.port, "ann"):
        pass
    with daemon(tmp_path, "--members-only") as chat, returned(chat.port, "ann"):
        refusal = "-- Only those come in here who own their names.\r\n"
        assert turned_away(chat.port, "127.0.0.1", "bob") == refusal


def test_the_password_of_the_house_is_asked_of_guests(tmp_path: Path) -> None:
    (tmp_path / "house").write_text("open sesame\n")
    (tmp_path / "house").chmod(0o600)
    with daemon(tmp_path, "--password-file", "house") as chat, Talker(chat.port) as ann:
        ann.say("ann")
        ann.reads("-- This chat has a password. What is it?")
        ann.say("open barley")
        ann.reads("-- That is not the password.")
        ann.say("open sesame")
        ann.reads("Hello ann, you are now connected!")
        assert "sesame" not in chat.output


def test_a_file_of_names_and_passwords_is_asked_too(tmp_path: Path) -> None:
    (tmp_path / "names").write_text(f"ann:{PASSWORD}\n")
    with daemon(tmp_path, "--auth", "file:names", "--members-only") as chat, Person(chat.port) as a:
        a.say("ann")
        a.reads("-- What is the password of ann?")
        a.say(PASSWORD)
        a.reads("Hello ann, you are now connected!")


def test_the_allowlist_lets_those_in_who_are_on_it(tmp_path: Path) -> None:
    with daemon(tmp_path) as chat, owner(chat.port, "ann") as ann:
        ann.goes()
        chat.type("/allowlist add ann", "/allowlist add ip:127.0.0.2", "/allowlist on")
        chat.prints("-- allowlist on: done, act 3\n")
        chat.is_killed()
    with daemon(tmp_path) as chat, returned(chat.port, "ann"):
        refusal = "-- Only those come in here who are on the operator's list.\r\n"
        assert turned_away(chat.port, "127.0.0.3", "bob") == refusal
        with Person(chat.port, "127.0.0.2") as cy:
            cy.enters("cy")
        chat.type("/undo 3")
        chat.prints("-- act 3 was undone by Server")
        with Person(chat.port, "127.0.0.3") as bob:
            bob.enters("bob")


def test_a_banned_address_reads_why_and_how_long_also_after_kill_9(tmp_path: Path) -> None:
    with daemon(tmp_path) as chat, Person(chat.port, "127.0.0.2") as eve:
        eve.enters("eve")
        chat.type("/ban --yes ip:127.0.0.2 7d adverts")
        ended = eve.reads_to_the_end()
        assert "-- You were banned by Server for 7d: adverts\r\nGoodbye!\r\n" in ended
        chat.prints(r"-- an address was banned for 7d by Server: adverts \(act 1\)\n")
        chat.is_killed()
    with daemon(tmp_path) as chat, Person(chat.port, "127.0.0.3") as bob:
        bob.enters("bob")
        read = turned_away(chat.port, "127.0.0.2", "other")
        assert re.fullmatch("-- You are banned for (7d|6d23h) by Server: adverts\r\n", read)
        chat.type("/unban ip:127.0.0.2")
        chat.prints("-- an address is banned no more, by Server")
        with Person(chat.port, "127.0.0.2") as eve:
            eve.enters("eve")


def test_a_network_is_banned_and_its_neighbour_is_not(tmp_path: Path) -> None:
    with daemon(tmp_path) as chat:
        chat.type("/ban --yes net:127.0.2.0/24 1h")
        chat.prints("-- an address was banned for 1h by Server")
        assert "You are banned" in turned_away(chat.port, "127.0.2.200", "eve")
        with Person(chat.port, "127.0.3.1") as bob:
            bob.enters("bob")


@pytest.mark.parametrize("target", ["ip:127.0.0.1", "net:127.0.0.0/8", "net:0.0.0.0/0"])
def test_nobody_bans_this_machine_by_mistake(tmp_path: Path, target: str) -> None:
    with daemon(tmp_path) as chat:
        chat.type(f"/ban {target}")
        chat.prints("-- Not done: that would hit this machine itself")
        with Talker(chat.port, "ann"):
            pass


def test_an_operator_by_option_is_one_when_she_has_shown_that_she_is_she(tmp_path: Path) -> None:
    with daemon(tmp_path, "--operator", "ann") as chat:
        with Person(chat.port) as ann:
            ann.enters("ann")
            ann.say("/announce hear me")
            ann.reads("-- Only the operator of the chat may do that.")
            ann.goes()
        with owner(chat.port, "ann") as ann, Talker(chat.port, "bob") as bob:
            ann.say("/announce hear me")
            bob.reads("Server: hear me\r\n")


def test_in_a_lockdown_nobody_new_comes_in(tmp_path: Path) -> None:
    with daemon(tmp_path) as chat, owner(chat.port, "ann") as ann:
        ann.goes()
        chat.type("/lockdown on")
        chat.prints("-- lockdown is on, by Server")
        assert "locked down just now" in turned_away(chat.port, "127.0.0.1", "bob")
        with returned(chat.port, "ann"):
            pass
