"""The JSON dialect: what an object asks for."""

from dataclasses import fields

from tests.fuzz.readers.cleaner import require_clean
from twisted_chat.core.outcomes import Refused
from twisted_chat.core.refusals import Refusal
from twisted_chat.core.requests import Request, Say
from twisted_chat.speech.lines_json import JsonDialect, hear, write_request

DIALECT = JsonDialect(1000)
WHOLE = frozenset({"password", "new", "house"})


def read(data: bytes) -> None:
    try:
        asked = DIALECT.read(data, naming=False)
    except Refusal as refusal:
        told = DIALECT.answer(Refused.of(refusal), refusal.tag)
        assert told.count(b"\n") == 1
        assert hear(told) is not None
        return
    if asked is not None:
        _require_fit(asked[0])
        assert DIALECT.read(write_request(*asked), naming=False) == asked


def _require_fit(request: Request) -> None:
    for field in fields(request):
        held = getattr(request, field.name)
        if not isinstance(held, str):
            continue
        assert len(held.encode()) <= 1 << 16
        if field.name not in WHOLE and not (isinstance(request, Say) and "\n" in held):
            require_clean(held)
