"""Random people do random things in random rooms, and nobody reads what is not for her."""

import pytest

from tests.people.play import Play
from tests.people.plays import played


@pytest.mark.parametrize("kept", [False, True], ids=["forgetful", "late"])
def test_nobody_reads_what_is_not_for_her(kept: bool) -> None:
    played(kept, examples=150, same=True)


def test_what_is_said_before_a_room_has_another_name_is_read_by_who_comes_then() -> None:
    """bob comes into #cave, ann speaks there and renames it, before the store has told any of it
    but what was."""
    came = [("say", 11, 0, 0), ("join", 0, 1, 0), ("settle", 0, 0, 0), ("join", 2, 1, 0)]
    Play(kept=True).run([*came, ("look", 0, 0, 0), ("say", 0, 1, 0), ("move", 0, 1, 3)])
