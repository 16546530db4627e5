"""What is a name, what is a room, and who only seems to come by one."""

from contextlib import suppress

from tests.fuzz.readers.cleaner import require_clean
from twisted_chat.core import names
from twisted_chat.core.refusals import Refusal
from twisted_chat.speech.strangers import in_line


def read(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    names.fold(text)
    with suppress(Refusal):
        _require_name(names.legal(text))
    with suppress(Refusal):
        room = names.legal_room(text)
        assert names.legal_room(room) == room
        require_clean(room)


def _require_name(name: str) -> None:
    require_clean(name)
    assert 0 < len(name) <= names.LONGEST
    assert not set(name) & set(" #:[]*/@,")
    assert names.legal(name) == name
    assert names.fold(names.fold(name)) == names.fold(name)
    assert in_line(name.encode()) is None
    other = names.free_name(name, {names.fold(name)})
    assert names.fold(other) != names.fold(name)
    assert names.legal(other) == other
