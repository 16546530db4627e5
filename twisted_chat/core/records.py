"""What a chat remembers beside its logs: one value a thing, found again by its kind and ``key``.

A store keeps the last of each. Fields are strings, numbers, truth values and tuples of strings, so
that any store can; a field that comes later has a default.
"""

from typing import TypeAlias

from twisted_chat.core.value import value


@value
class Account:
    """Somebody owns this name. ``key`` is the folded name, ``secret`` the password's hash with its
    parameters, empty where others know the password (``--auth``); ``codes`` the hashes of recovery
    codes. ``since``: the id at which it began: what was told to this name before was not for her.
    ``rooms``: those she is in, also while she is away; the last is where she talks. ``ignores``:
    folded names. ``invited``: rooms that let her in.
    """

    key: str
    name: str
    secret: str
    codes: tuple[str, ...]
    since: int
    rooms: tuple[str, ...] = ()
    ignores: tuple[str, ...] = ()
    invited: tuple[str, ...] = ()


@value
class Inbox:
    """Up to which id somebody who owns her name was handed what was told to her alone."""

    key: str
    read: int


@value
class Charter:
    """A room as it is when nobody is in it. ``key`` is its log (``#``, the folded name), ``owner``
    and ``hosts`` are folded names, ``slow`` seconds between two lines of one person, ``keep`` as it
    was typed, empty for what holds for all. ``since``: what was said before that id was said in
    private."""

    key: str
    owner: str = ""
    hosts: tuple[str, ...] = ()
    topic: str = ""
    private: bool = False
    listed: bool = True
    slow: float = 0.0
    keep: str = ""
    since: int = 0


@value
class Sanction:
    """Somebody may not come in, or not speak. ``key`` is the number of the act by which it began;
    ``kind`` ban or mute, ``room`` a room's key (the lobby stands for the chat), ``target`` as it
    was meant: a folded name, ``ip:`` or ``net:``. ``until``: seconds since 1970, 0 for ever."""

    key: str
    kind: str
    room: str
    target: str
    until: float
    by: str
    reason: str


@value
class Ruling:
    """An act of moderation. ``key`` is its number, ``at`` in seconds since 1970; ``seconds``
    how long it holds, 0 where no time is meant, -1 for ever; ``undone`` by whom, ``was`` what has
    to be known to undo it."""

    key: str
    at: float
    by: str
    verb: str
    room: str
    target: str
    seconds: float
    reason: str
    was: str = ""
    undone: str = ""


@value
class Setting:
    """Something about the whole chat that is changed while it runs: ``key`` says what."""

    key: str
    value: str


Record: TypeAlias = Account | Inbox | Charter | Sanction | Ruling | Setting
