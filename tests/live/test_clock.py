"""The machine's clock may be set while the daemon runs, and its timers must not care."""

import re
import signal
from pathlib import Path

import pytest

from tests.live.daemon import UNBUFFERED, Talker, daemon

LIBRARIES = sorted(Path("/usr/lib").glob("**/faketime/libfaketime.so.1"))


@pytest.mark.skipif(not LIBRARIES, reason="there is no libfaketime here")
@pytest.mark.parametrize("step", ["-30d", "+30d"])
def test_a_step_of_the_clock_neither_freezes_nor_fires_timers(tmp_path: Path, step: str) -> None:
    clock = tmp_path / "clock"
    clock.write_text("+0")
    faked = {
        **UNBUFFERED,
        "LD_PRELOAD": str(LIBRARIES[0]),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",  # as with a real clock that is set
    }
    options = ("--handshake-timeout", "1s", "--idle-timeout", "1h")
    with daemon(tmp_path, *options, env=faked) as chat, Talker(chat.port, "ann") as ann:
        clock.write_text(step)
        with Talker(chat.port) as nameless:
            assert "No name was given within 1s." in nameless.reads_to_the_end()
        ann.say("/names")
        ann.reads("-- 1 is here: ann\r\n")
        chat.signal(signal.SIGTERM)
        chat.ends()
        dates = re.findall(r"(?m)^\d{4}-\d\d-\d\d", chat.output)
        assert dates[0] != dates[-1], "the daemon has not seen the step"
