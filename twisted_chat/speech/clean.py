"""What of a text may leave for somebody's terminal.

Removed are the things that act on a terminal instead of being read: control characters (C0, DEL,
C1), escape sequences whole, line and paragraph separators, and the controls that reorder text.
Source: ECMA-48 for the sequences, Unicode TR36 and TR9 for the rest.
"""

import re

# CSI; then the strings that OSC, DCS, APC, PM and SOS begin, ended by BEL or ST, or not ended; then
# any other escape of two or three characters.
_SEQUENCE = re.compile(
    "(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]?"
    "|(?:\x1b[]PX^_]|[\x90\x98\x9d\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\\\|\x9c)?"
    "|\x1b[ -/]*[0-~]?"
)
_FORBIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f"
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidirectional controls
    "\u2028\u2029"  # line and paragraph separators
    "\u206a-\u206f\ufeff\ufff9-\ufffb"  # deprecated format controls, BOM, annotations
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"  # surrogates, noncharacters
    "\U000e0001\U000e0020-\U000e007f]"  # language tags, which are invisible
)


def clean(text: str) -> str:
    """``text`` without what would act on a terminal; a tab becomes four spaces.

    Cleaning twice is cleaning once, and what can be printed is unchanged.
    """
    if text.isprintable():  # no control, no format character: nothing to look for
        return text
    text = text.replace("\t", "    ")
    return _FORBIDDEN.sub("", _SEQUENCE.sub("", text))
