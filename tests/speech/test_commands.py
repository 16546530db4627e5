"""The table of slash commands."""

from dataclasses import fields
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.speech.values import SPOKEN
from twisted_chat.core.outcomes import HelpLine
from twisted_chat.core.refusals import Refusal
from twisted_chat.core.requests import (
    AccountOf,
    Act,
    Allow,
    Announce,
    Audit,
    Away,
    Back,
    Ban,
    Bans,
    CatchUp,
    ChangePassword,
    Converse,
    Demote,
    Enter,
    Help,
    History,
    Ignore,
    Invite,
    Join,
    Kick,
    Kill,
    Last,
    Leave,
    Lockdown,
    Logout,
    Manage,
    Mentions,
    More,
    Motd,
    Mute,
    Names,
    Part,
    Ping,
    Promote,
    Redact,
    Register,
    Rehash,
    Rename,
    Reply,
    Request,
    Right,
    Rooms,
    Say,
    Search,
    SentBefore,
    Show,
    Shutdown,
    Slow,
    Stats,
    Tell,
    Topic,
    Unban,
    Undo,
    Unignore,
    Unmute,
    Who,
    Whois,
)
from twisted_chat.speech import commands

ALL_NAMES = [name for one in commands.COMMANDS for name in (one.name, *one.aliases)]
OPERATORS = [one for one in commands.COMMANDS if one.request.needs > Right.GUEST]


def refused(line: str, right: Right = Right.GUEST) -> Refusal:
    with pytest.raises(Refusal) as caught:
        commands.read(line, right)
    return caught.value


@pytest.mark.parametrize(
    ("line", "request_"),
    [
        ("/help", Help("")),
        ("/help nick", Help("nick")),
        ("/who", Who("")),
        ("/who an", Who("an")),
        ("/whois bob", Whois("bob")),
        ("/names", Names()),
        ("/names #lab", Names("#lab")),
        ("/msg bob hi  there", Tell("bob", "hi  there")),
        ("/msg  bob   hi", Tell("bob", "hi")),
        ("/reply yes", Reply("yes")),
        ("/me waves", Act("waves")),
        ("/say exit", Say("exit")),
        ("/say /help", Say("/help")),
        ("/say #lab hi  there", Say("hi  there", "#lab")),
        ("/say #lab", Say("#lab")),
        ("/query bob", Converse("bob")),
        ("/query", Converse("")),
        ("/sent", SentBefore()),
        ("/show 17", Show("17")),
        ("/redact last", Redact("last")),
        ("/redact last bob", Redact("last", "bob")),
        ("/away", Away("")),
        ("/away for lunch", Away("for lunch")),
        ("/back", Back()),
        ("/ignore", Ignore("")),
        ("/ignore bob 10", Ignore("bob", "10")),
        ("/unignore bob", Unignore("bob")),
        ("/list", Rooms()),
        ("/join #lab", Join("#lab")),
        ("/leave", Part("")),
        ("/leave #lab", Part("#lab")),
        ("/topic", Topic()),
        ("/topic #lab", Topic("#lab")),
        ("/topic glass and stone", Topic("", "glass and stone")),
        ("/topic #lab -", Topic("#lab", "-")),
        ("/invite bob", Invite("bob")),
        ("/invite bob #lab", Invite("bob", "#lab")),
        ("/room set #lab keep 30d", Manage("set", "#lab", "keep 30d")),
        ("/room set invite-only", Manage("set", "", "invite-only")),
        ("/room transfer #lab bob", Manage("transfer", "#lab", "bob")),
        ("/room delete #lab", Manage("delete", "#lab")),
        ("/register", Register()),
        ("/passwd", ChangePassword()),
        ("/passwd bob", ChangePassword("bob")),
        ("/logout", Logout("")),
        ("/logout others", Logout("others")),
        ("/account", AccountOf("info")),
        ("/account delete", AccountOf("delete")),
        ("/nick zoe", Rename("zoe")),
        ("/history", History("")),
        ("/hist 50", History("50")),
        ("/history today", History("today")),
        ("/history #lab 1h ids", History("1h ids", "#lab")),
        ("/catchup", CatchUp("")),
        ("/catchup #lobby", CatchUp("#lobby")),
        ("/mentions", Mentions()),
        ("/last the ladder", Last("the ladder")),
        ("/search from:ann ladder", Search("from:ann ladder")),
        ("/more", More()),
        ("/quit", Leave()),
        ("/exit", Leave()),
        ("/EXIT", Leave()),
        ("/announce hi all", Announce("hi all")),
        ("/kick bob", Kick("bob", "")),
        ("/kick bob too loud", Kick("bob", "too loud")),
        ("/kick #lab bob too loud", Kick("bob", "too loud", "#lab")),
        ("/kick --dry-run ip:192.0.2.7", Kick("ip:192.0.2.7", dry_run=True)),
        ("/kill --yes bob enough", Kill("bob", "enough", yes=True)),
        ("/ban bob", Ban("bob")),
        ("/ban bob 1h30m", Ban("bob", "1h30m")),
        ("/ban bob too loud", Ban("bob", "", "too loud")),
        ("/ban bob 7d too  loud", Ban("bob", "7d", "too  loud")),
        ("/ban bob forever", Ban("bob", "forever")),
        (
            "/ban --yes #lab net:192.0.2.0/24 7d",
            Ban("net:192.0.2.0/24", "7d", "", "#lab", yes=True),
        ),
        ("/ban #lab --dry-run bob", Ban("bob", room="#lab", dry_run=True)),
        ("/kick bob #lab too loud", Kick("bob", "too loud", "#lab")),
        ("/mute --dry-run bob #lab 1h", Mute("bob", "1h", room="#lab", dry_run=True)),
        ("/ban list", Bans()),
        ("/ban list 1h", Ban("list", "1h")),
        ("/unban #lab bob", Unban("bob", "#lab")),
        ("/unban bob #lab", Unban("bob", "#lab")),
        ("/bans", Bans("")),
        ("/mute bob 10m caps", Mute("bob", "10m", "caps")),
        ("/mute --dry-run --yes bob", Mute("bob", dry_run=True, yes=True)),
        ("/unmute bob", Unmute("bob")),
        ("/slow 10s", Slow("10s")),
        ("/slow #lab off", Slow("off", "#lab")),
        ("/op bob", Promote("bob")),
        ("/deop #lab bob", Demote("bob", "#lab")),
        ("/deop bob #lab", Demote("bob", "#lab")),
        ("/lockdown", Lockdown("")),
        ("/lockdown on", Lockdown("on")),
        ("/lockdown off", Lockdown("off")),
        ("/allowlist", Allow("list")),
        ("/allowlist add bob", Allow("add", "bob")),
        ("/audit", Audit("")),
        ("/audit bob", Audit("bob")),
        ("/undo 7", Undo("7")),
        ("/stats", Stats()),
        ("/motd", Motd()),
        ("/motd set be  kind", Motd("set", "be  kind")),
        ("/motd reload", Motd("reload")),
        ("/rehash", Rehash()),
        ("/shutdown", Shutdown("", "")),
        ("/shutdown 10m back soon", Shutdown("10m", "back soon")),
        ("/shutdown cancel", Shutdown("cancel", "")),
    ],
)
def test_a_line_asks_for_this(line: str, request_: Request) -> None:
    assert commands.read(line) == request_


@pytest.mark.parametrize(
    "line",
    [
        *("/msg", "/msg bob", "/msg bob  ", "/reply", "/me ", "/say", "/nick", "/last", "/search"),
        *("/whois", "/show", "/redact", "/unignore", "/join", "/invite", "/undo", "/announce"),
        *(
            "/room",
            "/room set",
            "/room transfer bob",
            "/room delete lab",
            "/slow",
            "/slow #lab",
            "/op",
        ),
        *("/kick", "/kick #lab", "/ban --yes", "/ban --now bob", "/mute #lab", "/unban", "/kill"),
        *("/kick bob --yes", "/ban bob --dry-run", "/ban bob #lab --yes", "/kill bob --now"),
        *("/unban bob eve", "/unmute bob 1h", "/op bob eve", "/deop #lab bob eve"),
    ],
)
def test_what_is_not_complete_is_refused_with_the_usage(line: str) -> None:
    command = commands.find(line[1:].split()[0])
    refusal = refused(line)
    assert refusal.code == "usage"
    assert refusal.sentence.endswith(f"Type: {command.usage}")


@pytest.mark.parametrize(
    "line", ["/ban bob 10", "/mute bob 0", "/ban #lab bob 10 spam", "/ban bob 5x"]
)
def test_a_time_without_a_unit_is_no_duration(line: str) -> None:
    assert refused(line).code == "bad-duration"


@pytest.mark.parametrize("command", commands.COMMANDS)
def test_usage_is_the_name_and_what_follows_it(command: commands.Command) -> None:
    assert command.usage == f"/{command.name} {command.arguments}".strip()


@pytest.mark.parametrize("command", commands.COMMANDS)
def test_help_is_one_short_line(command: commands.Command) -> None:
    assert command.help.isprintable()
    assert 5 < len(command.help) < 70


@pytest.mark.parametrize("name", ALL_NAMES)
def test_every_command_is_found_by_its_name_in_any_case(name: str) -> None:
    command = commands.find(name)
    assert name in (command.name, *command.aliases)
    assert commands.find(name.upper()) is command


@pytest.mark.parametrize("right", list(Right))
def test_as_much_of_a_name_as_fits_no_other_is_enough(right: Right) -> None:
    may = [one for one in commands.COMMANDS if one.request.needs <= right]
    known = {name: one for one in may for name in (one.name, *one.aliases)}
    for name, command in known.items():
        for length in range(1, len(name)):
            fits = {one.name for other, one in known.items() if other.startswith(name[:length])}
            if fits == {command.name}:
                assert commands.find(name[:length], right) is command


def test_what_fits_several_is_refused_with_the_list() -> None:
    refusal = refused("/n")
    assert refusal.code == "ambiguous-command"
    assert "/names, /nick" in refusal.sentence


def test_a_name_and_its_alias_are_no_ambiguity() -> None:
    assert commands.read("/e") == Leave()
    assert commands.read("/qui") == Leave()


def test_the_right_decides_what_is_ambiguous() -> None:
    assert commands.find("sa").name == "say"
    assert commands.find("st", Right.OPERATOR).name == "stats"
    assert "/say, /search, /show. " in refused("/s").sentence
    assert "/search, /sent, /show, /shutdown, /slow, " in refused("/s", Right.OPERATOR).sentence


@pytest.mark.parametrize(
    ("typed", "near"), [("nmaes", "names"), ("hepl", "help"), ("exitt", "exit")]
)
def test_an_unknown_command_is_told_the_nearest(typed: str, near: str) -> None:
    refusal = refused(f"/{typed}")
    assert refusal.code == "no-such-command"
    assert f"Did you mean /{near}?" in refusal.sentence


@pytest.mark.parametrize("line", ["/", "/ ", "/ say hi", "/xyzzy", "/9"])
def test_what_is_near_to_nothing_is_only_refused(line: str) -> None:
    refusal = refused(line)
    assert refusal.code == "no-such-command"
    assert "Did you mean" not in refusal.sentence


def test_an_endless_unknown_command_is_not_repeated_in_full() -> None:
    assert len(refused("/" + "x" * 4000).sentence) < 120


@pytest.mark.parametrize("command", OPERATORS)
def test_a_guest_is_never_proposed_what_only_an_operator_may(command: commands.Command) -> None:
    for typed in (command.name[:-1], command.name + command.name[-1]):
        told = ""
        try:
            assert commands.find(typed) is not command
        except Refusal as refusal:
            told = refusal.sentence.replace(f"/{typed}", "")
        assert f"/{command.name}" not in told


def test_an_operator_is_proposed_what_she_may() -> None:
    assert "Did you mean /kick?" in refused("/kicck", Right.OPERATOR).sentence
    assert commands.find("shut", Right.OPERATOR).name == "shutdown"


@pytest.mark.parametrize("command", OPERATORS)
def test_a_guest_who_types_the_whole_name_gets_the_request_that_is_refused_later(
    command: commands.Command,
) -> None:
    assert commands.find(command.name, Right.GUEST) is command


@pytest.mark.parametrize("right", list(Right))
def test_help_shows_all_that_one_may_do_and_no_more(right: Right) -> None:
    may = [one for one in commands.COMMANDS if one.request.needs <= right]
    shown = commands.help_on("", right).lines
    assert shown == tuple(HelpLine(one.usage, one.help) for one in may)


@pytest.mark.parametrize("asked", ["nick", "/nick", "NICK", "ni"])
def test_help_on_one_command_is_its_line_alone(asked: str) -> None:
    [line] = commands.help_on(asked, Right.GUEST).lines
    assert line.usage == "/nick NAME"


@pytest.mark.parametrize("command", OPERATORS)
def test_there_is_no_help_on_what_one_may_not(command: commands.Command) -> None:
    with pytest.raises(Refusal) as caught:
        commands.help_on(command.name, Right.GUEST)
    assert caught.value.code == "no-such-command"
    assert commands.help_on(command.name, Right.OPERATOR).lines[0].usage == command.usage


def test_every_request_but_those_of_programs_has_one_command() -> None:
    asked = [command.request for command in commands.COMMANDS]
    assert set(asked) == set(get_args(Request)) - {Enter, Ping}
    assert len(asked) == len(set(asked))


def test_no_name_means_two_commands() -> None:
    assert len(ALL_NAMES) == len(set(ALL_NAMES))


# writing is the reverse of reading

TEXTS = SPOKEN.map(str.strip).filter(bool)
WORDS = TEXTS.map(lambda text: text.split()[0].lstrip("#-")).filter(bool)
ROOMS = WORDS.map(lambda word: f"#{word}")
TERMS = st.sampled_from(["90s", "10m", "1h30m", "7d", "forever"])
FIRST = TEXTS.filter(lambda text: text[0] not in "#-")
"""What cannot be taken for a room or a flag."""

MAYBE = FIRST | st.just("")
BEHIND = {
    "text": FIRST,
    "room": ROOMS | st.just(""),
    "reason": MAYBE.map(lambda text: f"for {text}" if text else ""),
    "duration": TERMS | st.just(""),
    "pause": TERMS,
    "what": FIRST.map(lambda text: text.split()[0]),
    "value": MAYBE,
    "topic": MAYBE,
}
"""By the name of the field. A reason that began with a duration would be one."""

UNTYPED = {"password", "new", "once"}
"""Secrets, and what only programs send."""

NEEDED = {"room": ROOMS}


def asked(command: commands.Command) -> st.SearchStrategy[Request]:
    """What a line can ask of this command."""
    kind: Any = command.request
    given: dict[str, st.SearchStrategy[Any]] = {}
    for field in fields(kind):
        if field.name in UNTYPED or (field.name == "room" and "#ROOM" not in command.arguments):
            continue
        fits = BEHIND.get(field.name, WORDS)
        if command.name in ("room", "join"):
            fits = NEEDED.get(field.name, fits)
        given[field.name] = st.booleans() if field.type is bool else fits
    return st.builds(kind, **given)


@given(st.data(), st.sampled_from(commands.COMMANDS))
def test_what_is_written_is_read_as_the_same(
    data: st.DataObject, command: commands.Command
) -> None:
    request = data.draw(asked(command))
    assert commands.read(commands.write(request)) == request


@pytest.mark.parametrize("secret", [Register("hunter22"), ChangePassword("", "hunter22", "new")])
def test_no_secret_is_written(secret: Request) -> None:
    assert "hunter22" not in commands.write(secret)
    assert secret not in (Register(), ChangePassword())


@pytest.mark.parametrize(
    "line", ["/register hunter22", "/passwd bob hunter22", "/account delete hunter22"]
)
def test_a_password_behind_a_command_is_refused_and_warned_about(line: str) -> None:
    refusal = refused(line)
    assert refusal.code == "password-in-line"
    assert "hunter22" not in refusal.sentence


@pytest.mark.parametrize(
    ("text", "room_and_said"),
    [
        ("#lab hi  there", ("#lab", "hi  there")),
        ("#Labor grün", ("#Labor", "grün")),
        ("#lab", ("", "#lab")),
        ("#lab  ", ("", "#lab  ")),
        ("# heading", ("", "# heading")),
        ("#! /bin/sh", ("", "#! /bin/sh")),
        (" #lab hi", ("", " #lab hi")),
        ("hi #lab", ("", "hi #lab")),
    ],
)
def test_a_line_that_begins_with_a_room_is_said_there(
    text: str, room_and_said: tuple[str, str]
) -> None:
    assert commands.addressed(text) == room_and_said


def test_what_no_command_asks_for_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="no command"):
        commands.write(Enter("ann"))
