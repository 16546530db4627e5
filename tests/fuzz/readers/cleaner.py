"""What may leave for a terminal."""

import re
import unicodedata

from twisted_chat.core.texts import is_piled
from twisted_chat.speech.clean import clean

ACTS = frozenset({"Cc", "Cs", "Zl", "Zp"})
REORDERS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})


def _is_forbidden(char: str) -> bool:
    """By Unicode's own word, and not by ours."""
    return unicodedata.category(char) in ACTS or unicodedata.bidirectional(char) in REORDERS


# all of these are below 0x10000
FORBIDDEN = re.compile(f"[{re.escape(''.join(filter(_is_forbidden, map(chr, range(1 << 16)))))}]")


def read(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    require_clean(cleaned := clean(text))
    assert clean(cleaned) == cleaned
    if text.isprintable() and not is_piled(text):
        assert cleaned == text


def require_clean(text: str) -> None:
    """Nothing in it acts on a terminal."""
    found = FORBIDDEN.search(text)
    assert found is None, f"{found} in {text!r}"
