"""Our own client at a terminal: what a person sees who talks there."""

import re
import threading
import time
from collections.abc import Generator

import pytest

from tests.live.daemon import Daemon, Talker, daemon, until
from tests.live.person import owner
from tests.live.screens import Person, talks
from twisted_chat.client.notices import PAUSE

FLOOD = 1000
"""Lines in a second."""


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Generator[Daemon, None, None]:
    with daemon(tmp_path_factory.mktemp("chat"), "--rate", "0", "--store", "memory:") as one:
        yield one


@pytest.fixture(scope="module")
def bob(chat: Daemon) -> Generator[Talker, None, None]:
    with owner(chat.port, "bob") as talker:
        yield talker


@pytest.fixture(scope="module")
def client(
    chat: Daemon, bob: Talker, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Person, None, None]:
    folder = tmp_path_factory.mktemp("ann")
    editor = folder / "editor"
    editor.write_text('#!/bin/sh\nprintf "from an\\neditor\\n" > "$1"\n')
    editor.chmod(0o700)
    with talks(folder, f"ann@127.0.0.1:{chat.port}", env={"EDITOR": str(editor)}) as person:
        bob.reads("-- ann joined\r\n")
        yield person


@pytest.fixture
def ann(client: Person) -> Person:
    """With nothing typed, and all that was shown before out of sight."""
    client.press("\x15")
    client.forgets()
    return client


def test_what_is_said_stands_above_the_line_being_typed(ann: Person, bob: Talker) -> None:
    ann.press("I am just ty")
    bob.say("hello ann", "and more")
    ann.sees(r"^.{5}›bob: hello ann\n.{5} bob: and more\n> I am just ty\n #lobby ")
    ann.types("ping")
    bob.reads("ann: I am just typing\r\n")
    ann.sees(r"^.{5} ann: I am just typing\n>$")
    assert b"\x1b[?1049h" not in ann.raw  # never the other screen


def test_typing_is_not_disturbed_by_a_thousand_lines_a_second(ann: Person, bob: Talker) -> None:
    talking = threading.Thread(target=floods, args=(bob,))
    talking.start()
    for char in "still typing":
        ann.press(char)
        time.sleep(0.05)
    ann.types("!")
    talking.join()
    ann.press("and more")
    ann.sees(rf"bob: flood {FLOOD - 1}\n(.*still typing!\n)?> and more\n #lobby ")
    lines = re.findall(r"bob: flood (\d+)$", ann.text, re.M)
    assert [int(number) for number in lines] == list(range(FLOOD))
    ann.sees("ann: still typing!$")


def floods(who: Talker) -> None:
    """A thousand lines in a second."""
    begin, said = time.monotonic(), 0
    while said < FLOOD:
        time.sleep(0.02)
        due = min(FLOOD, int((time.monotonic() - begin) * FLOOD))
        who.say(*(f"flood {number}" for number in range(said, due)))
        said = due


def test_wide_characters_and_those_from_right_to_left_do_not_break_the_line(
    ann: Person, bob: Talker
) -> None:
    text = "日本語 👍 é שלום مرحبا"
    ann.press(text)
    bob.say(text)
    ann.sees(rf"bob: {text}\n> {text}\n #lobby ")
    ann.press("\x7f" * 5, "x\r")
    bob.reads(f"ann: {text[:-5]}x\r\n")
    ann.types("👨‍👩‍👧 family")
    bob.reads("ann: 👨‍👩‍👧 family\r\n")
    ann.sees(r"👧 family\n>\n #lobby ")


def test_the_line_and_the_bar_follow_the_width_of_the_terminal(ann: Person, bob: Talker) -> None:
    ann.press("x" * 60)
    ann.sees(rf"^> {'x' * 60}$")
    ann.resizes(24, 40)
    ann.sees(rf"^> {'x' * 38}\n  {'x' * 22}\n #lobby .{{19,}} (connected|\d+ ms)$")
    bob.say("one two three four five six seven eight nine")
    ann.sees(r"bob: one two three four five six\n      seven eight nine\n> x")
    ann.resizes(30, 100)
    ann.sees(rf"^> {'x' * 60}\n #lobby .{{79,}} (connected|\d+ ms)$")
    assert len(re.findall("^ #lobby", ann.text, re.M)) == 1


def test_a_paste_of_many_lines_asks_first_and_is_one_entry(ann: Person, bob: Talker) -> None:
    ann.pastes("one\ntwo\nthree\n")
    ann.sees(
        "^-- 3 lines, 13 characters, for #lobby as one:\n  one\n  two\n  three\n-- Enter sends"
    )
    ann.press("\r")
    bob.reads("ann: one\r\nann: two\r\nann: three\r\n")
    ann.pastes("never\nsaid\n")
    ann.sees("-- 2 lines")
    ann.press("n")
    ann.sees_no_more("-- 2 lines")
    ann.pastes("just a word\n")
    ann.sees("^> just a word$")
    ann.press("\x1b\r", "and a second line", "\r")
    assert "never" not in bob.reads("ann: just a word\r\nann: and a second line\r\n")


def test_what_an_editor_wrote_is_asked_about_and_goes_as_one(ann: Person, bob: Talker) -> None:
    ann.types("/edit")
    ann.sees("^-- 2 lines, 14 characters, for #lobby as one:\n  from an\n  editor\n")
    ann.press("y")
    bob.reads("ann: from an\r\nann: editor\r\n")


def test_tab_proposes_commands_names_and_rooms(ann: Person, bob: Talker) -> None:
    ann.press("/ms\t")
    ann.sees("^> /msg$")
    ann.press("b\t")
    ann.sees("^> /msg bob$")
    ann.press("\x15/m\t")
    ann.sees(r"^> /me\n /me TEXT +say what you do: \* ann waves *\n /mentions ")
    ann.press("\x03b\t")
    ann.sees("^> bob:$")
    ann.press("\x15/join #l\t")
    ann.sees("^> /join #lobby$")
    ann.press("\x15")


def test_a_line_of_ones_own_is_found_again_and_a_password_never(ann: Person, bob: Talker) -> None:
    ann.types("the first thing")
    ann.types("/register secret thing")
    ann.sees("-- a password never stands|-- .*password")
    ann.press("\x12thing")
    ann.sees("^> the first thing\nsearch back: thing$")
    ann.press("\r\x03")
    ann.types("/register")
    ann.sees(r"-- A new password.*(\n.*)?\n\(not shown\) >\n #lobby ")
    ann.types("correct horse")
    ann.sees("-- The same once more")
    ann.types("another horse")
    ann.sees("^>$")
    ann.press("\x12horse")
    ann.sees("search back: horse$")
    assert "horse" not in ann.text.replace("search back: horse", "")
    ann.press("\x03")


def test_who_looks_away_finds_where_she_stopped_and_is_called(ann: Person, bob: Talker) -> None:
    bob.say("before")
    ann.sees("bob: before")
    time.sleep(PAUSE)  # she may just have been called, and is not again so soon
    ann.press("\x1b[O")
    bob.say("after", "where is ann?")
    ann.sees(r"bob: before\n──── new since \d\d:\d\d ────\n.{5} bob: after\n.{5}›bob: where is")
    assert ann.title == "(2) #lobby"
    notice = b"\a\x1b]9;chat: bob: where is ann?\x1b\\"
    until(lambda: notice in ann.raw, lambda: f"no notice in {ann.raw[-500:]!r}")
    ann.press("\x1b[I")
    ann.types("/notify off")
    ann.sees("^-- you are called for nothing$")
    assert ann.title == "#lobby"
    calls = ann.raw.count(b"\a")
    bob.say("ann!")
    ann.sees("bob: ann!")
    assert ann.raw.count(b"\a") == calls


def test_the_bar_shows_where_one_is_and_what_is_unread(ann: Person, bob: Talker) -> None:
    bob.say("/join #garden", "/topic what grows")
    bob.reads("what grows")
    ann.types("/join #garden")
    ann.sees_bar(r"^ #garden what grows .* (connected|\d+ ms)$")
    bob.say("#lobby anybody here?", "#lobby ann?")
    ann.sees_bar(r"^ #garden .* #lobby 2! +(connected|\d+ ms)$")
    ann.press("\x1ba")
    ann.sees_bar(r"^ #lobby .* (connected|\d+ ms)$")
    assert "#garden" not in ann.bar
    bob.say("/join #lobby")
    bob.reads("-- you talk in #lobby now")


def test_who_comes_and_goes_is_one_line(ann: Person, bob: Talker, chat: Daemon) -> None:
    for name in ("cy", "dan", "eve"):
        Talker(chat.port, name).socket.close()
    ann.sees("^ +-- cy, dan, eve came and left\n>$")
    bob.say("a busy place")
    ann.sees(r"^.{5} -- cy, dan, eve came and left\n.{5} bob: a busy place$")


def test_what_was_not_kept_says_why_and_can_be_sent_again_or_dropped(
    ann: Person, bob: Talker
) -> None:
    bob.say("/join #shed")
    ann.types("/join #shed")
    bob.reads("-- ann joined")
    bob.say("/mute ann 10m")
    bob.reads("was muted")
    ann.types("let me speak")
    ann.sees(r"^-- not sent: .*muted")
    ann.sees(r"^ +ann: let me speak  not sent; Alt-S sends it again, Alt-X drops it\n>$")
    bob.say("/unmute ann")
    ann.sees("is muted no more")
    ann.press("\x1bs")
    bob.reads("ann: let me speak\r\n")
    ann.sees_no_more("Alt-S")
    bob.say("/mute ann 10m")
    ann.sees(r"(?s)was muted for 10m by bob.*was muted for 10m by bob")
    ann.types("never mind")
    ann.sees("^ +ann: never mind  not sent")
    ann.press("\x1bx")
    ann.sees_no_more("never mind")
    ann.types("/leave #shed")
    bob.say("/leave #shed")
