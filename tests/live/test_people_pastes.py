"""Many lines at once, and what is taken away, on a real daemon and in its file."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from tests.live.daemon import PATIENCE, Talker, daemon, people

PASTE = "".join(f"{number:03}  {'ΐ ü 中' * 3}  # {number}\n" for number in range(120))
"""Spaces where they count, and letters of more bytes than one."""


def pastes(talker: Talker, reader: Talker) -> None:
    """One sends it as ``nc`` sends a file; it is read as one entry."""
    talker.send(PASTE.encode())
    read = reader.reads("/show 1 shows them\r\n")
    assert read.endswith("-- ann pasted 120 lines, /show 1 shows them\r\n")
    assert "ann: " not in read


def test_a_paste_of_many_lines_is_one_entry_and_shown_whole(tmp_path: Path) -> None:
    with daemon(tmp_path) as chat, people(chat.port, "ann", "bob") as (ann, bob):
        pastes(ann, bob)
        ann.reads("-- your paste is shown by /show 1\r\n")
        bob.say("/show 1")
        bob.reads("-- paste 1, by ann in #lobby:\r\n")
        shown = bob.reads("-- end of paste 1\r\n").removesuffix("-- end of paste 1\r\n")
        assert shown.replace("\r\n", "\n") == PASTE


def test_a_program_reads_it_byte_for_byte_with_its_tabs(tmp_path: Path) -> None:
    text = "\tone\n\n  two\t\n" * 20
    with daemon(tmp_path) as chat, people(chat.port, "ann", None) as (ann, bot):
        bot.say("/json", '{"do":"enter","name":"bot"}')
        bot.reads('"type":"welcomed"')
        bot.reads("\n")
        ann.reads("-- bot joined")
        ann.send(text.encode())
        bot.reads('{"type":"pasted"')
        entry = json.loads('{"type":"pasted"' + bot.reads("\n"))
        assert entry["text"] == text.removesuffix("\n")


def test_few_lines_at_once_are_said_one_by_one(tmp_path: Path) -> None:
    with daemon(tmp_path) as chat, people(chat.port, "ann", "bob") as (ann, bob):
        ann.say("one", "two", "three")
        bob.reads("ann: one\r\nann: two\r\nann: three\r\n")


def test_a_paste_outlives_kill_9(tmp_path: Path) -> None:
    with daemon(tmp_path) as chat, people(chat.port, "ann", "bob") as (ann, bob):
        pastes(ann, bob)
        chat.is_killed()
    with daemon(tmp_path) as chat, Talker(chat.port, "bob") as bob:
        bob.reads("ann pasted 120 lines, /show 1 shows them\r\n")
        bob.say("/show 1")
        assert bob.reads("-- end of paste 1").count("ΐ ü 中") == 360


# what is taken away


def test_what_is_redacted_is_shown_as_that_and_gone_from_the_file(tmp_path: Path) -> None:
    with daemon(tmp_path) as chat, people(chat.port, "ann", "bob") as (ann, bob):
        pastes(ann, bob)
        ann.say("/redact last")
        bob.reads("-- ann took back a line\r\n")
        bob.say("/show 1", "/history")
        bob.reads("-- There is no paste 1 in a room where you are.\r\n")
        assert "pasted" not in bob.reads("-- a line of ann was here; ann took it away\r\n")
    assert "中" not in _texts(tmp_path)
    vacuum = (sys.executable, "-m", "twisted_chat.archive", "vacuum", "chat.sqlite")
    subprocess.run(vacuum, cwd=tmp_path, check=True, capture_output=True, timeout=PATIENCE)
    assert "中".encode() not in (tmp_path / "chat.sqlite").read_bytes()


def test_a_redaction_that_was_seen_outlives_kill_9(tmp_path: Path) -> None:
    with daemon(tmp_path) as chat, people(chat.port, "ann", "bob") as (ann, bob):
        ann.say("the code is 4711")
        bob.reads("4711\r\n")
        ann.say("/redact last")
        bob.reads("-- ann took back a line\r\n")
        chat.is_killed()
    with daemon(tmp_path) as chat, Talker(chat.port, "bob") as bob:
        bob.say("/history", "/search code", "/names")
        assert "4711" not in bob.reads("1 is here: bob")


def test_what_another_said_is_not_ones_own_to_take_away(tmp_path: Path) -> None:
    with daemon(tmp_path) as chat, people(chat.port, "ann", "bob") as (ann, bob):
        ann.say("mine")
        bob.reads("ann: mine\r\n")
        bob.say("/redact last ann")
        bob.reads("-- That was said by somebody else")
        chat.type("/history 20 ids")
        number = chat.prints(r"(\d{16}) \S+ ann: mine").group(1)
        chat.type(f"/redact {number}")
        ann.reads("-- Server took a line of ann away\r\n")


def _texts(folder: Path) -> str:
    """All that stands in the rows of what was said."""
    with closing(sqlite3.connect(folder / "chat.sqlite")) as file:
        return str(file.execute("SELECT * FROM entries").fetchall())
