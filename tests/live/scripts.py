"""``twisted-chat`` as scripts use it: stdout and stderr apart, and the exit status."""

import os
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from tests.live.daemon import PATIENCE, Running, finished, not_outlived
from tests.live.nursery import born
from tests.live.test_client import MODULE


class Script(Running):
    """A command that runs, with what it says on stderr in a file of its own."""

    errors: Path

    @property
    def said(self) -> str:
        return self.errors.read_text()


def ran(
    *argv: str, given: str | bytes = b"", env: dict[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    """A command from its begin to its end; it never shows a traceback."""
    data = given.encode() if isinstance(given, str) else given
    command = [*MODULE, *argv]
    if env is None:
        done = finished(command, Path.cwd(), data)
    else:
        own = {**os.environ, **env}
        done = subprocess.run(command, input=data, capture_output=True, timeout=PATIENCE, env=own)
    out, err = done.stdout.decode(), done.stderr.decode()
    assert "Traceback" not in out + err, out + err
    return subprocess.CompletedProcess(argv, done.returncode, out, err)


@contextmanager
def running(folder: Path, *argv: str) -> Generator[Script, None, None]:
    """A command that goes on until the block ends, if it does not end by itself."""
    with (folder / "stderr").open("wb") as errors:
        process = born([*MODULE, *argv], Path.cwd(), errors.fileno())
    with not_outlived(process):
        assert process.stdout is not None
        script = Script(process, process.stdout.fileno())
        script.errors = folder / "stderr"
        yield script
        if process.poll() is None:
            process.kill()
        script.ends()
    assert "Traceback" not in script.said, script.said
