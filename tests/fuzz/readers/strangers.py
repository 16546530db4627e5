"""Who wants no chat, by its first bytes."""

from twisted_chat.speech.strangers import FIRST_BYTES, at_once, in_line, is_utf16


def read(data: bytes) -> None:
    is_utf16(data)
    for stranger in (at_once(data[:FIRST_BYTES]), in_line(data)):
        assert stranger is None or stranger.speaks
    for size in range(min(len(data), FIRST_BYTES)):  # told sooner or later, it is the same
        if sooner := at_once(data[:size]):
            assert at_once(data[: size + 1]) is sooner
