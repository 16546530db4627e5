"""A text from somebody's own editor."""

import asyncio
import os
import shlex
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

EDITORS = ("editor", "nano", "vi")
"""Debian's own name for the one that was chosen there, and two that are everywhere."""

NO_EDITOR = 127
"""As a shell says that there is no such program."""


def editors(env: Mapping[str, str]) -> Iterator[list[str]]:
    """Commands to try, in order; ``$EDITOR`` may have arguments."""
    for command in (env.get("VISUAL", ""), env.get("EDITOR", ""), *EDITORS):
        with suppress(ValueError):  # a quotation without an end names no program
            if words := shlex.split(command):
                yield words


async def edited(text: str, env: Mapping[str, str]) -> str | None:
    """What became of it; None if the editor failed, or there is none. Nobody else can read the
    file meanwhile, and it is gone afterwards."""
    handle, name = tempfile.mkstemp(".txt", "chat-")
    path = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        if await _run(path, env) != 0:
            return None
        return path.read_text("utf-8", "replace").removesuffix("\n")
    finally:
        path.unlink(missing_ok=True)


async def _run(path: Path, env: Mapping[str, str]) -> int:
    for command in editors(env):
        try:
            process = await asyncio.create_subprocess_exec(*command, str(path))
        except OSError:  # it is not there, or no program
            continue
        return await process.wait()
    return NO_EDITOR
