"""What may leave for a terminal."""

import unicodedata

from twisted_chat.core.texts import is_piled
from twisted_chat.speech.clean import clean

ACTS = frozenset({"Cc", "Cs", "Zl", "Zp"})
REORDERS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})


def read(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    require_clean(cleaned := clean(text))
    assert clean(cleaned) == cleaned
    if text.isprintable() and not is_piled(text):
        assert cleaned == text


def require_clean(text: str) -> None:
    """Nothing in it acts on a terminal, by Unicode's own word and not by ours."""
    if text.isprintable():
        return
    for char in text:
        assert unicodedata.category(char) not in ACTS, f"{char!r} in {text!r}"
        assert unicodedata.bidirectional(char) not in REORDERS, f"{char!r} in {text!r}"
