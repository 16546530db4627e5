"""The machine's clock may be set while the daemon runs, and its timers must not care."""

import json
import re
import signal
from pathlib import Path

import pytest

from tests.live.daemon import UNBUFFERED, Talker, daemon

LIBRARIES = sorted(Path("/usr/lib").glob("**/faketime/libfaketime.so.1"))


needs_faketime = pytest.mark.skipif(not LIBRARIES, reason="there is no libfaketime here")


def faked(clock: Path) -> dict[str, str]:
    """Of a process whose wall clock is set by what is written to that file."""
    clock.write_text("+0")
    return {
        **UNBUFFERED,
        "LD_PRELOAD": str(LIBRARIES[0]),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",  # as with a real clock that is set
    }


@needs_faketime
@pytest.mark.parametrize("step", ["-30d", "+30d"])
def test_a_step_of_the_clock_neither_freezes_nor_fires_timers(tmp_path: Path, step: str) -> None:
    clock = tmp_path / "clock"
    env = faked(clock)
    options = ("--handshake-timeout", "1s", "--idle-timeout", "1h")
    with daemon(tmp_path, *options, env=env) as chat, Talker(chat.port, "ann") as ann:
        clock.write_text(step)
        with Talker(chat.port) as nameless:
            assert "No name was given within 1s." in nameless.reads_to_the_end()
        ann.say("/names")
        ann.reads("-- 1 is here: ann\r\n")
        chat.signal(signal.SIGTERM)
        chat.ends()
        dates = re.findall(r"(?m)^\d{4}-\d\d-\d\d", chat.output)
        assert dates[0] != dates[-1], "the daemon has not seen the step"


@needs_faketime
def test_ids_grow_though_the_clock_is_set_back_an_hour(tmp_path: Path) -> None:
    clock = tmp_path / "clock"
    env = faked(clock)
    ids: list[int] = []
    with daemon(tmp_path, env=env) as chat:
        ids += said(chat.port, "robot", "before")
        clock.write_text("-1h")
        ids += said(chat.port, "robot", "after", "once more")
    with daemon(tmp_path, env=env) as chat:  # it begins in the past
        ids += said(chat.port, "robot", "the next day")
    assert ids == sorted(set(ids))
    assert len(ids) == 4


def said(port: int, name: str, *lines: str) -> list[int]:
    """The ids by which what a program says is kept."""
    with Talker(port) as program:
        asked = [{"do": "enter", "name": name}]
        asked += [{"do": "say", "text": line, "tag": line} for line in lines]
        program.say("/json", *(json.dumps(one) for one in asked))
        program.hangs_up()
        objects = [
            json.loads(one) for one in program.reads_to_the_end().splitlines() if one[0] == "{"
        ]
    return [one["id"] for one in objects if one.get("tag") in lines]
