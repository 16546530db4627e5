"""What a daemon said to a client, and how that is worded for a person."""

from contextlib import suppress

from tests.fuzz.readers.text import require_words
from tests.times import TIMES
from twisted_chat.core.events import Entry
from twisted_chat.core.refusals import Refusal
from twisted_chat.speech.answers import answer_lines
from twisted_chat.speech.entries import entry_lines, past_lines
from twisted_chat.speech.lines_json import Heard, hear, write
from twisted_chat.speech.text import wire


def read(data: bytes) -> None:
    with suppress(Refusal):
        heard = hear(data)
        if heard is not None:
            _require_sense(heard)


def _require_sense(heard: Heard) -> None:
    """It can be worded, and said again as it is."""
    what = heard.what
    if isinstance(what, Entry):
        lines = [*entry_lines(what), *past_lines(what, TIMES, elsewhere=True)]
    else:
        lines = answer_lines(what, TIMES)
    require_words(wire(*lines))
    assert hear(write(what, heard.tag, heard.earlier)) == heard
