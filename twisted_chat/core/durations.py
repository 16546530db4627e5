"""Lengths of time as people type and read them: 90s, 10m, 1h30m, 7d, forever."""

import re
from math import inf, isinf

from twisted_chat.core import refusals

HOUR = 3600.0

_UNITS = {"d": 86400.0, "h": 3600.0, "m": 60.0, "s": 1.0}
_SHAPE = re.compile(r"(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?", re.ASCII)
_NUMBER = re.compile(r"\d{1,9}(?:\.\d{1,6})?", re.ASCII)


def read(text: str) -> float:
    """Seconds, for what was typed; a bare number is seconds. Raises a Refusal."""
    typed = text.strip().lower()
    if typed == "forever":
        return inf
    if _NUMBER.fullmatch(typed):
        return float(typed)
    fits = _SHAPE.fullmatch(typed)
    if not typed or not fits:
        raise refusals.bad_duration(text)
    parts = zip(fits.groups(), _UNITS.values(), strict=True)
    return sum(float(count) * unit for count, unit in parts if count)


def say(seconds: float) -> str:
    """The two largest units that matter: ``1h30m``, ``45s``, ``3d``."""
    if isinf(seconds):
        return "forever"
    left = round(seconds)
    if left != seconds and seconds < 10:
        return f"{seconds:.3g}s"
    parts = []
    for letter, unit in _UNITS.items():
        count, left = divmod(left, int(unit))
        if count:
            parts.append(f"{count}{letter}")
    return "".join(parts[:2]) or "0s"


def pause(typed: str) -> float:
    """Seconds between two lines. Raises a Refusal."""
    seconds = 0.0 if typed.strip() in ("off", "0") else read(typed)
    if seconds > HOUR:
        raise refusals.bad_duration(typed)
    return seconds
