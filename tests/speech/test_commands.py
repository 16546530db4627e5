"""The table of slash commands."""

from typing import get_args

import pytest

from twisted_chat.core.outcomes import HelpLine
from twisted_chat.core.refusals import Refusal
from twisted_chat.core.requests import (
    Act,
    Announce,
    CatchUp,
    Enter,
    Help,
    History,
    Kick,
    Last,
    Leave,
    Mentions,
    More,
    Names,
    Rename,
    Reply,
    Request,
    Right,
    Say,
    Search,
    Shutdown,
    Stats,
    Tell,
    Who,
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
        ("/names", Names()),
        ("/msg bob hi  there", Tell("bob", "hi  there")),
        ("/msg  bob   hi", Tell("bob", "hi")),
        ("/reply yes", Reply("yes")),
        ("/me waves", Act("waves")),
        ("/say exit", Say("exit")),
        ("/say /help", Say("/help")),
        ("/nick zoe", Rename("zoe")),
        ("/history", History("")),
        ("/hist 50", History("50")),
        ("/history today", History("today")),
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
        ("/stats", Stats()),
        ("/shutdown", Shutdown("", "")),
        ("/shutdown 10m back soon", Shutdown("10m", "back soon")),
        ("/shutdown cancel", Shutdown("cancel", "")),
    ],
)
def test_a_line_asks_for_this(line: str, request_: Request) -> None:
    assert commands.read(line) == request_


@pytest.mark.parametrize(
    "line",
    ["/msg", "/msg bob", "/msg bob  ", "/reply", "/me ", "/say", "/nick", "/last", "/search"],
)
def test_what_is_not_complete_is_refused_with_the_usage(line: str) -> None:
    command = commands.find(line[1:].split()[0])
    refusal = refused(line)
    assert refusal.code == "usage"
    assert refusal.sentence.endswith(f"Type: {command.usage}")


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
    assert commands.read("/q") == Leave()


def test_the_right_decides_what_is_ambiguous() -> None:
    assert commands.find("sa").name == "say"
    assert "/say, /search. " in refused("/s").sentence
    assert "/say, /search, /shutdown, /stats. " in refused("/s", Right.OPERATOR).sentence


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
        assert f"/{command.name}" not in refused(f"/{typed}").sentence.replace(f"/{typed}", "")


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


def test_every_request_but_the_handshake_has_one_command() -> None:
    asked = [command.request for command in commands.COMMANDS]
    assert set(asked) == set(get_args(Request)) - {Enter}
    assert len(asked) == len(set(asked))


def test_no_name_means_two_commands() -> None:
    assert len(ALL_NAMES) == len(set(ALL_NAMES))


def test_what_no_command_asks_for_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="no command"):
        commands.write(Enter("ann"))
