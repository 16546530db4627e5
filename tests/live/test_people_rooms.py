"""Rooms on a real daemon: what holds of them after a restart, and after kill -9."""

import signal
from pathlib import Path

import pytest

from tests.live.daemon import PATIENCE, Talker, client, daemon, people
from tests.live.person import Person, owner, returned

ENDS = pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL], ids=["stop", "kill -9"])


@ENDS
def test_a_room_its_topic_and_its_people_outlive_the_daemon(
    tmp_path: Path, end: signal.Signals
) -> None:
    with daemon(tmp_path) as chat, owner(chat.port, "ann") as ann:
        ann.say("/join #lab", "/topic plants", "/slow 10s", "we begin at nine")
        ann.reads("one line every 10s from now on, by ann")
        ann.say("/names")
        ann.reads("1 is in #lab: ann")
        chat.signal(end)
        chat.process.wait(PATIENCE)
    with daemon(tmp_path) as chat, returned(chat.port, "ann") as ann, Person(chat.port) as bob:
        ann.reads("-- you talk in #lab, and are in #lobby too\r\n")
        bob.enters("bob")
        bob.say("/join #lab")
        bob.reads("-- the topic: plants\r\n")
        bob.reads("ann: we begin at nine\r\n")
        bob.say("one", "/me two")
        bob.reads("-- not sent: one line every 10s here.")


@ENDS
def test_a_private_room_stays_private(tmp_path: Path, end: signal.Signals) -> None:
    with daemon(tmp_path) as chat, owner(chat.port, "ann") as ann:
        ann.say("/join #den", "/room set #den invite-only")
        ann.reads("-- ann set #den: invite-only (act 1)\r\n")
        chat.signal(end)
        chat.process.wait(PATIENCE)
    with daemon(tmp_path) as chat, Talker(chat.port, "eve") as eve:
        eve.say("/list", "/join #den")
        assert "#den" not in eve.reads("-- There is no ")
        with returned(chat.port, "ann") as ann:
            ann.say("/invite eve #den")
            eve.reads("-- ann invites you to #den: /join #den enters it\r\n")
            eve.say("/join #den")
            eve.reads("-- you talk in #den now; 1 other is there: ann\r\n")


@ENDS
def test_the_operators_of_a_room_stay_its_operators(tmp_path: Path, end: signal.Signals) -> None:
    with (
        daemon(tmp_path) as chat,
        owner(chat.port, "ann") as ann,
        owner(chat.port, "bob") as bob,
    ):
        ann.say("/join #lab", "/op bob")
        bob.reads("-- you are an operator of #lab now\r\n")
        ann.reads("-- bob is an operator here now, by ann (act 1)\r\n")
        chat.signal(end)
        chat.process.wait(PATIENCE)
    with daemon(tmp_path) as chat, returned(chat.port, "bob") as bob:
        bob.say("/join #lab", "/topic by the operator")
        bob.reads("-- bob set the topic: by the operator\r\n")


def test_what_is_said_elsewhere_says_where(tmp_path: Path) -> None:
    with daemon(tmp_path) as chat, people(chat.port, "ann", "bob") as (ann, bob):
        bob.say("/join #lab", "#lobby hello from the lab")
        ann.reads("bob: hello from the lab\r\n")
        ann.say("hi bob")
        bob.reads("#lobby ann: hi bob\r\n")


def test_who_leaves_a_room_talks_in_the_other_and_reads_it_as_that(tmp_path: Path) -> None:
    with daemon(tmp_path) as chat, people(chat.port, "ann", "bob") as (ann, bob):
        bob.say("/join #lab", "/leave")
        bob.reads("-- you left #lab; you talk in #lobby now\r\n")
        ann.say("hi bob")
        assert "#lobby" not in bob.reads("ann: hi bob\r\n")


def test_a_room_of_guests_is_gone_with_the_last_of_them(tmp_path: Path) -> None:
    with daemon(tmp_path) as chat, people(chat.port, "ann", "bob") as (ann, bob):
        bob.say("/join #tmp", "/leave")
        bob.reads("you talk in #lobby now\r\n")
        ann.say("/list", "/names")
        assert "#tmp" not in ann.reads("are here:")


def test_a_room_is_renamed_and_what_was_said_there_stays(tmp_path: Path) -> None:
    with daemon(tmp_path) as chat:
        with owner(chat.port, "ann") as ann:
            ann.say("/join #lab", "we begin at nine", "/room rename #lab #workshop")
            ann.reads("-- ann renamed the room: it is #workshop now\r\n")
        with Talker(chat.port, "bob") as bob:
            bob.say("/join #workshop")
            bob.reads("ann: we begin at nine\r\n")


def test_only_operators_open_rooms_with_that_option(tmp_path: Path) -> None:
    with (
        daemon(tmp_path, "--rooms", "operators", "--operator", "ann") as chat,
        owner(chat.port, "ann") as ann,
        Talker(chat.port, "bob") as bob,
    ):
        bob.say("/join #lab")
        bob.reads("-- There is no #lab that you can enter.")
        ann.say("/join #lab")
        ann.reads("-- you talk in #lab now")
        bob.say("/join #lab")
        bob.reads("-- you talk in #lab now; 1 other is there: ann\r\n")


def test_our_client_is_in_rooms_too(tmp_path: Path) -> None:
    with (
        daemon(tmp_path) as chat,
        Talker(chat.port, "bob") as bob,
        client(tmp_path, f"ann@127.0.0.1:{chat.port}") as ann,
    ):
        ann.prints("exit leaves")
        ann.type("/join #lab")
        ann.prints("-- you talk in #lab now; nobody else is there\n")
        bob.say("hi ann")
        ann.prints("#lobby bob: hi ann\n")
        ann.type("#lobby hi bob")
        bob.reads("ann: hi bob\r\n")
