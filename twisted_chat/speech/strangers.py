"""Who comes to the chat's port without wanting to chat: browsers, scanners, other programs.

First bytes in, a verdict out. It is asked only while there is no name, so nothing that members say
is ever taken for something else; and what could be a name is one: ``PING`` and ``Options`` come in.

A web page can make the browsers of its readers send bytes here. It chooses the path, the method,
most headers and the whole body; were that body heard, it would talk from its readers' address. So
the line that every browser has to send first ends it, and so does whatever hides that line. In a
ClientHello there is room for a kilobyte of the page's choice: its first two bytes end that too.
"""

import re
from dataclasses import dataclass

FIRST_BYTES = 16
"""So many are looked at before there is a line: all that is told apart there has fewer."""

BOM = b"\xef\xbb\xbf"
"""What editors and shells of Windows put before UTF-8."""


@dataclass(frozen=True, slots=True)
class Stranger:
    """``speaks``: for the operators. ``answer``: the only one that it gets."""

    speaks: str
    answer: bytes = b""


def _told(speaks: str, sentence: str) -> Stranger:
    return Stranger(speaks, f"-- {sentence}\r\n".encode())


_PAGE = (
    b"This is a chat for terminals, and no web site. To come in: nc HOST PORT, telnet HOST PORT, "
    b"or twisted-chat HOST:PORT.\n"
)
HTTP = Stranger(
    "HTTP",
    b"HTTP/1.1 400 Bad Request\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n"
    b"Content-Length: %d\r\n"
    b"Cache-Control: no-store\r\n"
    b"Connection: close\r\n"
    b"\r\n%b" % (len(_PAGE), _PAGE),
)
TLS = Stranger("TLS", b"\x15\x03\x01\x00\x02\x02\x28")
"""A fatal alert, handshake_failure (RFC 8446, 6): the other end says so, and does not wait."""

SSH = _told("SSH", "This is a chat and no SSH server yet: nc or telnet is enough.")
IRC = _told("IRC", "This is a chat and no IRC server yet: nc or telnet is enough.")
MAIL = Stranger("SMTP", b"554 This is a chat, and takes no mail.\r\n")
REDIS = Stranger("Redis", b"-ERR this is a chat\r\n")
PROXY = _told("the PROXY protocol", "Put haproxy: before the endpoint at which the chat listens.")
UTF16 = _told(
    "UTF-16",
    "The chat reads UTF-8, and that is UTF-16. In PowerShell this changes it: "
    "$OutputEncoding = [Text.UTF8Encoding]::new()",
)
BINARY = Stranger("binary")
ENDLESS = _told("one long line", "That is too long for a name. Please come again.")

_BEGINNINGS = (
    (b"\x16\x03", TLS),
    (b"\x03\x00\x00", BINARY),  # RDP
    (b"\xff\xfe", UTF16),
    (b"\xfe\xff", UTF16),
    (b"\r\n\r\n\0\r\nQUIT\n", PROXY),  # version 2 of it
    (b"SSH-", SSH),
)
# What hardly a person sends: all controls but TAB, the line ends, ESC, BEL, Ctrl-C, Ctrl-V, and
# what rubs out a character, a word or a line. Of UTF-16 every other byte is NUL.
_CONTROL = rb"[\x01\x02\x04-\x06\x0e-\x14\x18-\x1a\x1c-\x1f]"
_BINARY = re.compile(_CONTROL + rb"|\x00[\x00-\x1f\x80-\xff]")
_NO_TEXT = re.compile(_CONTROL + rb"|\x00")

_LINES = (
    # Whatever the method and the path; and one whose end is not there.
    (re.compile(rb"[^ ]+ (.* )?(HTTP|RTSP|SIP)/\d", re.I), HTTP),
    (re.compile(rb"(GET|POST|HEAD|PUT|DELETE|OPTIONS|PATCH|CONNECT|TRACE) [/*h]", re.I), HTTP),
    (
        re.compile(
            rb"(Host|Origin|Referer|User-Agent|Accept(-\w+)?|Content-\w+|Connection|Cookie"
            rb"|Sec-[\w-]+|Transfer-Encoding|Upgrade(-[\w-]+)?) ?:",
            re.I,
        ),
        HTTP,
    ),
    (re.compile(rb"PROXY (TCP4|TCP6|UNKNOWN)\b"), PROXY),
    (re.compile(rb"CAP (LS|REQ|END)\b|NICK [^ ]+$|USER [^ ]+ [^ ]+ [^ ]+ |PASS [^ ]+$"), IRC),
    (re.compile(rb"(EHLO|HELO|LHLO) [^ ]+$|MAIL FROM:", re.I), MAIL),
    (re.compile(rb"[*$]\d+$"), REDIS),
)


def at_once(first: bytes) -> Stranger | None:
    """By the first bytes of a connection, of which there may be more: for what has no lines."""
    for beginning, stranger in _BEGINNINGS:
        if first.startswith(beginning):
            return stranger
    return BINARY if _BINARY.match(first) else None


def in_line(line: bytes) -> Stranger | None:
    """By a line that is there where a name should be, or by the beginning of one."""
    if _NO_TEXT.search(line):
        return UTF16 if is_utf16(line) else BINARY
    for pattern, stranger in _LINES:
        if pattern.match(line):
            return stranger
    return None


def is_utf16(line: bytes) -> bool:
    """Letters and digits of Latin in UTF-16 of either order, as a line of it is cut at LF."""
    return len(line) > 2 and any(line[::2]) != any(line[1::2])
