"""The man page: the text of ``docs/client.md``, and the options from their table.

Of Markdown it knows what that page has: headings, paragraphs, indented blocks, tables of two
columns, ``code`` and links.
"""

import re
import textwrap
from collections.abc import Iterator
from itertools import groupby

from twisted_chat import __version__
from twisted_chat.client.options import COMMANDS, OPTIONS, PROGRAM, TALK, Command, Option, Takes

LEFT_OUT = frozenset({"A library"})
"""Parts of the page that are for those who write programs."""

DATE = "2026-11-26"
"""Of the last change to what it tells."""

WIDTH = 78
"""Columns of its source, as those who read that have them."""

ABOUT = "talk in a chat from a terminal, and from scripts"


def page(markdown: str) -> str:
    lines = [
        f'.TH TWISTED-CHAT 1 "{DATE}" "twisted_chat {__version__}" "User commands"',
        ".SH NAME",
        rf"twisted\-chat \- {ABOUT}",
        ".SH SYNOPSIS",
        *_synopsis(),
        ".SH DESCRIPTION",
        *formatted(_parts(markdown)[0][1]),
        ".SH COMMANDS",
        *(line for command in COMMANDS for line in _item(_usage(command), command.help)),
        ".SH OPTIONS",
        *(line for option in OPTIONS for line in _item(_flag(option), _about(option))),
    ]
    for title, text in _parts(markdown)[1:]:
        if title not in LEFT_OUT:
            lines += [f".SH {_plain(title).upper()}", *formatted(text)]
    return "\n".join(lines) + "\n"


def _parts(markdown: str) -> list[tuple[str, str]]:
    """Each part of the page under its title, the first under that of the page."""
    found = re.split(r"^##? (.*)$", markdown, flags=re.MULTILINE)[1:]
    return list(zip(found[::2], found[1::2], strict=True))


def _synopsis() -> Iterator[str]:
    for command in (TALK, *COMMANDS):
        yield ".br" if command is not TALK else ".nh"
        yield _usage(command)
    yield ".hy"


def _usage(command: Command) -> str:
    name = rf"\fB{_plain(PROGRAM)}\fR" + (rf" \fB{command.name}\fR" if command.name else "")
    words = [r"[\fIOPTIONS\fR]"]
    for argument in command.arguments:
        word = rf"\fI{_plain(argument.name)}\fR" + ("..." if argument.many else "")
        words.append(word if argument.needed else f"[{word}]")
    return " ".join([name, *words])


def _flag(option: Option) -> str:
    flags = ", ".join(rf"\fB{_plain(flag)}\fR" for flag in (option.short, option.flag) if flag)
    if option.takes is Takes.NOTHING:
        return flags
    return rf"{flags} \fI{_plain(option.metavar)}\fR"


def _about(option: Option) -> str:
    of = [name for name in option.of if name]
    return f"{option.help} ({', '.join(of)})" if of else option.help


def _item(term: str, text: str) -> list[str]:
    return [".TP", term, *_filled(text)]


def formatted(markdown: str) -> Iterator[str]:
    """What stands between two headings: a heading begins a paragraph, and so does no other."""
    lines = list(_blocks(markdown))
    yield from lines[1:] if lines[:1] == [".PP"] else lines


def _blocks(markdown: str) -> Iterator[str]:
    for block in re.split(r"\n\s*\n", markdown.strip("\n")):
        lines = block.split("\n")
        if all(line.startswith("    ") for line in lines):
            yield from (".PP", ".RS 4", ".nf", *(_code(line[4:]) for line in lines), ".fi", ".RE")
        elif lines[0].startswith("|"):
            yield from _table(lines)
        elif lines[0].startswith("### "):
            yield f".SS {_plain(lines[0][4:])}"
        elif lines[0].startswith("- "):
            yield from _list(lines)
        else:
            yield from (".PP", *_filled(" ".join(lines)))


def _table(lines: list[str]) -> Iterator[str]:
    """A row is a term and its text; the head is left out."""
    for line in lines[2:]:
        term, text = (cell.strip() for cell in line.strip("| ").split(" | ", 1))
        yield from _item(rf"\fB{_inline(term.strip('`'))}\fR", text)


def _list(lines: list[str]) -> Iterator[str]:
    starts = [line.startswith("- ") for line in lines]
    for starting, group in groupby(zip(starts, lines, strict=True), key=lambda pair: pair[0]):
        for _, line in group:
            if starting:
                yield r".IP \(bu 2"
            yield from _filled(line.removeprefix("- ").strip())


def _filled(text: str) -> list[str]:
    lines = textwrap.wrap(_inline(text), WIDTH, break_long_words=False, break_on_hyphens=False)
    return [_leading(line) for line in lines]


def _code(line: str) -> str:
    return _leading(_plain(line))


def _inline(text: str) -> str:
    """Code is bold, and so is what stands out; of a link its text is left."""
    text = re.sub(r"\[([^]]+)\]\([^)]+\)", r"\1", text)
    parts = re.split(r"(`[^`]+`|\*\*[^*]+\*\*)", text)
    shown = (
        rf"\fB{_plain(part.strip('`*'))}\fR" if part[:1] in ("`", "*") and part else _plain(part)
        for part in parts
    )
    return "".join(shown)


def _plain(text: str) -> str:
    """As it is: a backslash begins a request, and a dash would become a hyphen."""
    escaped = text.replace("\\", r"\e").replace("-", r"\-").replace("'", r"\(aq")
    return escaped.replace("~", r"\(ti").replace("^", r"\(ha").replace("`", r"\(ga")


def _leading(line: str) -> str:
    return rf"\&{line}" if line.startswith((".", "'")) else line
