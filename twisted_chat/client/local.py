"""Commands that the terminal itself obeys: no server ever sees them. Pure."""

from collections.abc import Iterable

from twisted_chat.client.notices import Notify
from twisted_chat.core.requests import Leave
from twisted_chat.speech.commands import Command


def _never(rest: str) -> Leave:
    """They are not asked of anybody."""
    raise ValueError(rest)


AGAIN = Command("again", "", "say again what was not sent", Leave, _never)
DROP = Command("drop", "", "let go what was not sent", Leave, _never)
EDIT = Command("edit", "", "write in your editor, and send it as one", Leave, _never)
NOTIFY = Command("notify", "mentions|private|all|off", "when to call you", Leave, _never)
LOCAL = (AGAIN, DROP, EDIT, NOTIFY)


def usable(commands: Iterable[Command]) -> list[Command]:
    """All that can be typed: what the chat obeys, and what is ours."""
    return sorted([*commands, *LOCAL], key=lambda command: command.name)


def local(line: str, ours: Iterable[Command] = LOCAL) -> tuple[Command, str] | None:
    """The command of ours that was typed, by its whole name, and what stands behind it."""
    typed, _, rest = line.strip().partition(" ")
    return next(((one, rest.strip()) for one in ours if typed.lower() == f"/{one.name}"), None)


def at_hand(line: str, ours: Iterable[Command] = LOCAL) -> str:
    """To ``/help``, which the server answers: what that does not know of. Else nothing."""
    if line.strip().lower() != "/help":
        return ""
    return f"-- at this terminal too: {', '.join(one.usage for one in ours)}"


def notify(rest: str, now: Notify) -> tuple[Notify, str]:
    """What holds from now on, and what is said to it."""
    try:
        chosen = Notify(rest.lower()) if rest else now
    except ValueError:
        return now, f"-- usage: {NOTIFY.usage}"
    return chosen, f"-- you are called for {_SAID[chosen]}"


_SAID = {
    Notify.MENTIONS: "lines that name you, and private messages",
    Notify.PRIVATE: "private messages",
    Notify.ALL: "all that is said",
    Notify.OFF: "nothing",
}


def is_secret(line: str) -> bool:
    """It may have a password in it, and is not remembered: such a line is refused anyway."""
    typed, _, rest = line.strip().partition(" ")
    wanted = typed.lower()
    asks = ("/register", "/passwd", "/account")
    return bool(rest) and len(wanted) > 2 and any(one.startswith(wanted) for one in asks)
