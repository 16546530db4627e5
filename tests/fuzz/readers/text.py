"""The text dialect: what a line asks for."""

from dataclasses import fields

from tests.fuzz.readers.cleaner import require_clean
from tests.times import TIMES
from twisted_chat.core.outcomes import Refused
from twisted_chat.core.refusals import Refusal
from twisted_chat.core.requests import Request
from twisted_chat.speech.console import ConsoleDialect
from twisted_chat.speech.text import TextDialect, decoded

DIALECTS: tuple[TextDialect | ConsoleDialect, ...] = (TextDialect(TIMES), ConsoleDialect(TIMES))


def read(data: bytes) -> None:
    dialect, naming, line = DIALECTS[data[:1] == b"c"], data[:1] == b"n", data[1:]
    try:
        asked = dialect.read(line, naming)
    except Refusal as refusal:
        _require_answer(dialect.answer(Refused.of(refusal), None))
        return
    if asked is not None:
        _require_fit(asked[0])
        assert dialect.read(decoded(line).encode(), naming) == asked


def require_words(told: bytes) -> None:
    """Lines that a person may be shown."""
    for one in told.decode().splitlines():
        require_clean(one)


def _require_answer(told: bytes) -> None:
    assert told.strip()
    require_words(told)


def _require_fit(request: Request) -> None:
    """All that it has of hers may be shown to others."""
    for field in fields(request):
        held = getattr(request, field.name)
        if isinstance(held, str):
            require_clean(held)
            held.encode()
