"""What operators do, on a real daemon: who is told, what outlives it, what is taken back."""

from pathlib import Path

from tests.live.daemon import Daemon, Talker, daemon, people
from tests.live.person import Person, owner, returned


def test_a_mute_is_told_to_who_is_muted_and_outlives_kill_9(tmp_path: Path) -> None:
    with daemon(tmp_path) as chat, owner(chat.port, "eve") as eve:
        chat.type("/mute eve 1h spam")
        eve.reads("-- You were muted by Server for 1h: spam\r\n")
        chat.prints(r"-- eve was muted for 1h by Server: spam \(act 1\)\n")
        chat.is_killed()
    with (
        daemon(tmp_path) as chat,
        returned(chat.port, "eve") as eve,
        Talker(chat.port, "bob") as bob,
    ):
        eve.say("buy this", "/me shouts", "/msg bob buy this")
        for _ in range(3):
            eve.reads("-- not sent: you are muted for ")
        chat.type("/unmute eve")
        eve.reads("-- you are muted no more\r\n")
        eve.say("sorry")
        assert "buy this" not in bob.reads("eve: sorry\r\n")


def test_a_banned_name_stays_out_after_kill_9_and_comes_back_after_undo(tmp_path: Path) -> None:
    with daemon(tmp_path) as chat, Talker(chat.port, "eve") as eve:
        chat.type("/ban eve 7d spam")
        assert "-- You were banned by Server for 7d: spam\r\n" in eve.reads_to_the_end()
        chat.prints(r"-- eve was banned for 7d by Server: spam \(act 1\)\n")
        chat.is_killed()
    with daemon(tmp_path) as chat, Talker(chat.port) as eve:
        eve.say("EVE")
        eve.reads("-- You are banned for ")
        chat.type("/undo 1")
        chat.prints(r"-- act 1 was undone by Server: ban eve \(act 2\)\n")
        eve.enters("eve")


def test_what_was_decided_holds_after_a_stop(tmp_path: Path) -> None:
    with daemon(tmp_path) as chat, owner(chat.port, "ann"):
        chat.type("/ban eve 7d spam", "/mute bob 1h", "/op ann", "/allowlist add ann", "shutdown")
        assert chat.ends() == 0
    with daemon(tmp_path) as chat:
        chat.type("/bans", "/allowlist", "/deop ann")
        chat.prints(r"-- eve is banned until [^\n]+, by Server: spam \(act 1\)\n")
        chat.prints(r"-- bob is muted until [^\n]+, by Server \(act 2\)\n")
        chat.prints("-- on the allowlist, which is off: ann\n")
        chat.prints(r"-- ann is no operator here any more, by Server \(act 5\)\n")


def test_the_audit_says_who_did_what_and_what_was_undone_after_kill_9(tmp_path: Path) -> None:
    with daemon(tmp_path, "--operator", "ann") as chat, owner(chat.port, "ann") as ann:
        ann.say("/mute eve 10m spam", "/undo 1")
        ann.reads("-- act 1 was undone by ann: mute eve (act 2)\r\n")
        chat.is_killed()
    with daemon(tmp_path) as chat:
        chat.type("/audit eve")
        chat.prints(r"-- 1: \S+ eve was muted for 10m by ann: spam; undone by ann\n")


def test_a_dry_run_names_whom_it_would_hit_and_hits_nobody(tmp_path: Path) -> None:
    with daemon(tmp_path) as chat, Person(chat.port, "127.0.0.9") as one:
        one.enters("one")
        chat.type("/ban --dry-run net:127.0.0.8/29 1h")
        chat.prints("-- net:127.0.0.8/29 would hit 1 here: one\n")
        one.say("/names")
        one.reads("1 is here: one")
        chat.type("/bans")
        chat.prints("-- nobody is banned or muted\n")


def test_an_owner_moderates_her_room_and_no_other(tmp_path: Path) -> None:
    with (
        daemon(tmp_path) as chat,
        owner(chat.port, "ann") as ann,
        people(chat.port, "bob") as [bob],
    ):
        ann.say("/join #lab")
        ann.reads("you talk in #lab")
        bob.say("/join #lab")
        ann.reads("-- bob joined")
        ann.say("/kick bob enough")
        bob.reads("-- You were kicked from #lab by ann: enough")
        bob.say("/names")
        bob.reads("are here: ")
        ann.say("/ban #lobby bob")
        ann.reads("-- Only the operator of the chat may do that.")


def test_an_operator_who_is_named_here_is_one_after_kill_9(tmp_path: Path) -> None:
    with daemon(tmp_path) as chat, owner(chat.port, "ann") as ann:
        chat.type("/op ann")
        ann.reads("-- you are an operator of the chat now\r\n")
        ann.reads("-- ann is an operator here now, by Server (act 1)\r\n")
        chat.is_killed()
    with (
        daemon(tmp_path) as chat,
        returned(chat.port, "ann") as ann,
        Talker(chat.port, "bob") as bob,
    ):
        ann.say("/announce hear me")
        bob.reads("Server: hear me\r\n")
        chat.type("/deop ann")
        ann.reads("-- you are no operator of the chat now\r\n")


def test_who_repeats_herself_is_slowed_by_the_chat_and_others_are_not(tmp_path: Path) -> None:
    with daemon(tmp_path) as chat, people(chat.port, "eve", "bob") as (eve, bob):
        for _ in range(7):
            eve.say("/me buys this")
        eve.reads("-- not sent: that is too much of the same. For 1m, one line every 5s.\r\n")
        bob.say("hello")
        eve.reads("bob: hello\r\n")
        _is_audited(chat)


def _is_audited(chat: Daemon) -> None:
    chat.type("/audit")
    chat.prints("by the chat: too much of the same\n")
