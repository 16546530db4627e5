"""Two conversations are had, and drawn into ``docs/pictures``."""

import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.live.daemon import Daemon, Talker, daemon
from tests.live.person import owner
from tests.live.screens import Person, talks
from tests.pictures.svg import DARK, LIGHT, Theme, svg

PLACE = Path(__file__).parents[2] / "docs" / "pictures"
ROWS, COLUMNS = 21, 88


def talking(chat: Daemon, ann: Person) -> None:
    """A lobby in the afternoon, another room with something unread, and what Tab proposes."""
    port = chat.port
    with owner(port, "bob") as bob, Talker(port, "fay") as fay, Talker(port, "gil") as gil:
        ann.sees("joined")
        bob.say("/join #garden", "/topic what grows, and what does not", "/invite fay")
        bob.reads("what grows")
        ann.types("/join #garden")
        fay.say("/join #garden")
        fay.reads("you talk in #garden")
        ann.sees("you talk in #garden")
        ann.forgets()
        says(fay, ann, "the beans are up, all of them")
        says(bob, ann, "mine are not. What do you do against snails?")
        ann.types("Ash around the bed. It has to be dry.")
        ann.sees(r"^.{5} ann: Ash")
        says(fay, ann, "ann: does it hold in the rain?")
        for name in ("eve", "hal", "ida"):
            visits(port, name)
        says(bob, ann, "/me goes to look for some ash 🔥")
        ann.types("@fay no, but snails do not like a wet road either. 日本では銅テープを使います。")
        ann.sees(r"^.{5} ann: @fay")
        fay.say("/msg ann I have some left, come and take it")
        ann.sees(r"\[fay\]")
        ann.press("\x1b[O")  # she looks elsewhere for a while
        says(gil, ann, "tea is ready, ann")
        gil.say("and cake")
        ann.sees_bar("#lobby 2!")
        ann.press("\x1b[I")
        ann.press("/m\t")
        ann.sees("/msg NAME TEXT")


def waiting(chat: Daemon, ann: Person) -> None:
    """The daemon is gone: what is typed waits, and goes out once when it is back."""
    with Talker(chat.port, "bob") as bob:
        ann.sees("bob joined")
        ann.forgets()
        says(bob, ann, "I restart the machine now, ann. Do not go away.")
        ann.types("I will just type on.")
        ann.sees(r"^.{5} ann: I will")
        chat.is_killed()
    ann.sees_bar("no connection")
    ann.types("This line is kept here until you are back,")
    ann.types("and so is this one: each goes out once.")
    ann.press("and what I am typing now is not disturbed by any of it")
    time.sleep(1)


def says(who: Talker, seen_by: Person, text: str) -> None:
    who.say(text)
    seen_by.sees(text.split(" ", 1)[-1][:20].replace("?", r"\?"))


def visits(port: int, name: str) -> None:
    """She looks in, and goes."""
    with Talker(port, name) as talker:
        talker.say("exit")
        talker.reads_to_the_end()


def picture(name: str, theme: Theme, scene: Callable[[Daemon, Person], None]) -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        chat = stack.enter_context(daemon(folder, "--rate", "0"))
        ann = stack.enter_context(talks(folder, f"ann@127.0.0.1:{chat.port}"))
        ann.resizes(ROWS, COLUMNS)
        scene(chat, ann)
        (PLACE / f"{name}.svg").write_text(svg(filled(ann.cells()), COLUMNS, theme))


def filled(rows: list[list[Any]]) -> list[list[Any]]:
    """Without empty rows at the top and at the end."""
    full = [number for number, row in enumerate(rows) if "".join(one.data for one in row).strip()]
    return rows[full[0] : full[-1] + 1]


if __name__ == "__main__":
    picture("talking", DARK, talking)
    picture("waiting", LIGHT, waiting)
