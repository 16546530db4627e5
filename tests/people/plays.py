"""Plays that hypothesis makes up, and makes as short as they can be when something is wrong."""

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.people.play import VERBS, Act, Play

SHORTEST, LONGEST = 40, 100
"""Acts of a play, of which some are nothing: so it can be made shorter than that."""

number = st.integers(0, 15)
acts = st.lists(
    st.tuples(st.sampled_from(VERBS), number, number, number), min_size=SHORTEST, max_size=LONGEST
)


def played(kept: bool, examples: int, same: bool = False) -> None:
    """So many plays; the ``same`` ones each time, if so asked. Raises AssertionError that says what
    is wrong, in the how manieth play that was met, and the shortest play that shows it."""
    count = 0
    first: list[int] = []

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=same,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )
    @given(acts=acts)
    def play(acts: list[Act]) -> None:
        nonlocal count
        count += 1
        short = [act for act in acts if act[0] != "nothing"]
        try:
            Play(kept).run(short)
        except AssertionError as wrong:
            first.append(count)
            raise AssertionError(f"met in play {first[0]}: {short}: {wrong}") from None

    play()
