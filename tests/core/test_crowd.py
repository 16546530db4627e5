"""How many may be at the door, from one place and in all, and how fast they may come."""

import tracemalloc
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twisted_chat.core.crowd import Bounds, Crowd
from twisted_chat.core.limits import Allowance
from twisted_chat.core.refusals import Refusal

NOW = 5000.0
HOME, ELSEWHERE = "192.0.2.1", "192.0.2.2"


def of(**bounds: object) -> Crowd[int]:
    return Crowd(Bounds(**({"most": 100} | bounds)))  # type: ignore[arg-type]


def comes(crowd: Crowd[int], who: int, address: str | None = HOME, now: float = NOW) -> str | None:
    """The code of the refusal; None for who comes in."""
    try:
        crowd.come(who, address, now)
    except Refusal as refusal:
        return refusal.code
    return None


def shows(crowd: Crowd[int], who: int, address: str) -> str | None:
    try:
        crowd.show(who, address, NOW)
    except Refusal as refusal:
        return refusal.code
    return None


def test_in_all_there_may_be_so_many() -> None:
    crowd = of(most=2)
    assert [comes(crowd, who, f"192.0.2.{who}") for who in range(3)] == [None, None, "chat-full"]
    crowd.leave(0)
    assert comes(crowd, 3, "192.0.2.3") is None


def test_from_one_address_there_may_be_so_many_and_others_come_in() -> None:
    crowd = of(of_one=2)
    assert [comes(crowd, who) for who in range(3)] == [None, None, "too-many-connections"]
    assert comes(crowd, 3, ELSEWHERE) is None
    crowd.leave(0)
    assert comes(crowd, 4) is None


def test_without_a_name_there_may_be_fewer() -> None:
    crowd = of(nameless_of_one=2)
    assert [comes(crowd, who) for who in range(3)] == [None, None, "too-many-connections"]
    crowd.name(0)
    assert [comes(crowd, who) for who in range(3, 5)] == [None, "too-many-connections"]


def test_who_is_refused_counts_for_nothing() -> None:
    crowd = of(of_one=1, pace=Allowance(1.0, 2.0))
    comes(crowd, 0)
    for who in range(1, 10):
        assert comes(crowd, who) == "too-many-connections"
    crowd.leave(5)  # who never came in
    crowd.leave(0)
    assert len(crowd) == 0
    assert comes(crowd, 10) is None


def test_an_ipv6_address_is_its_first_64_bits() -> None:
    crowd = of(of_one=1)
    assert comes(crowd, 0, "2001:db8::1") is None
    assert comes(crowd, 1, "2001:db8::ffff:2") == "too-many-connections"
    assert comes(crowd, 2, "2001:db8:0:1::1") is None


def test_a_user_of_this_machine_is_a_place() -> None:
    crowd = of(of_one=1)
    assert comes(crowd, 0, "uid:1000") is None
    assert comes(crowd, 1, "uid:1000") == "too-many-connections"
    assert comes(crowd, 2, "uid:1001") is None


def test_loopback_is_a_place_like_others() -> None:
    crowd = of(of_one=1)
    assert comes(crowd, 0, "127.0.0.1") is None
    assert comes(crowd, 1, "127.0.0.1") == "too-many-connections"


@pytest.mark.parametrize(
    ("exempt", "address"),
    [
        ("net:127.0.0.0/8", "127.0.0.1"),
        ("net:192.0.2.1/32", HOME),
        ("net:192.0.2.0/24", "::ffff:192.0.2.1"),
        ("net:2001:db8::/32", "2001:db8::1"),
        ("uid:33", "uid:33"),
    ],
)
def test_who_is_exempt_is_bound_by_the_number_of_all_alone(exempt: str, address: str) -> None:
    crowd = of(most=5, of_one=1, nameless_of_one=1, pace=Allowance(0.1, 1.0), exempt=(exempt,))
    came = [comes(crowd, who, address) for who in range(6)]
    assert came == [None] * 5 + ["chat-full"]
    for who in range(5):
        crowd.leave(who)
    assert [comes(crowd, who, "198.51.100.1") for who in range(2)] == [None, "too-many-connections"]


# how fast


def test_who_comes_too_fast_is_told_how_long_to_wait() -> None:
    crowd = of(pace=Allowance(1 / 60, 3.0))
    assert [comes(crowd, who) for who in range(4)] == [None, None, None, "connecting-too-fast"]
    with pytest.raises(Refusal, match=r"try again in 48s\."):
        crowd.come(5, HOME, NOW + 12.5)
    assert comes(crowd, 6, ELSEWHERE) is None


@given(st.integers(1, 30), st.floats(0, 1e6))
def test_who_waits_as_long_as_told_comes_in(times: int, start: float) -> None:
    crowd = of(pace=Allowance(1 / 60, 3.0))
    for who in range(times):
        comes(crowd, who, now=start)
    assert comes(crowd, -1, now=start + 60) is None


def test_who_has_left_came_all_the_same() -> None:
    crowd = of(pace=Allowance(1 / 60, 3.0))
    for who in range(3):
        comes(crowd, who)
        crowd.leave(who)
    assert comes(crowd, 3) == "connecting-too-fast"


def test_all_together_may_come_so_fast() -> None:
    crowd = of(pace_of_all=Allowance(1.0, 3.0))
    came = [comes(crowd, who, f"192.0.2.{who}") for who in range(4)]
    assert came == [None, None, None, "busy"]
    assert comes(crowd, 5, "192.0.2.5", NOW + 1) is None


def test_a_storm_from_one_address_is_none_of_the_others_pace() -> None:
    crowd = of(pace=Allowance(1 / 60, 3.0), pace_of_all=Allowance(1.0, 5.0))
    for who in range(50):
        comes(crowd, who)
    assert comes(crowd, 100, ELSEWHERE) is None


def test_another_pace_holds_from_then_on() -> None:
    crowd = of(pace=Allowance(1 / 60, 3.0))
    for who in range(3):
        comes(crowd, who)
    crowd.bounds.pace = Allowance(1 / 60, 5.0)
    assert [comes(crowd, who) for who in range(3, 6)] == [None, None, "connecting-too-fast"]


# behind a proxy


def test_an_address_that_is_not_known_yet_is_no_address() -> None:
    crowd = of(of_one=1)
    assert [comes(crowd, who, None) for who in range(3)] == [None] * 3
    assert [shows(crowd, who, f"192.0.2.{who}") for who in range(3)] == [None] * 3


def test_who_shows_an_address_from_which_too_many_are_here_has_to_go() -> None:
    crowd = of(of_one=1)
    comes(crowd, 0)
    comes(crowd, 1, None)
    assert shows(crowd, 1, HOME) == "too-many-connections"
    crowd.leave(1)
    crowd.leave(0)
    comes(crowd, 2, None)
    assert shows(crowd, 2, HOME) is None


def test_the_pace_is_that_of_the_address_that_is_shown() -> None:
    crowd = of(pace=Allowance(1 / 60, 1.0))
    for who in range(3):
        comes(crowd, who, None)
    assert [shows(crowd, who, HOME) for who in range(2)] == [None, "connecting-too-fast"]


def test_an_address_is_shown_once() -> None:
    crowd = of(of_one=1)
    comes(crowd, 0, None)
    crowd.show(0, HOME, NOW)
    crowd.show(0, ELSEWHERE, NOW)
    assert comes(crowd, 1) == "too-many-connections"
    assert comes(crowd, 2, ELSEWHERE) is None


def test_who_never_shows_one_counts_among_those_without_a_name() -> None:
    crowd = of(nameless=2)
    for who in range(3):
        comes(crowd, who, None)
    assert crowd.one_too_many() == 0


# too many without a name


def test_of_too_many_without_a_name_the_one_goes_who_had_the_most_time() -> None:
    crowd = of(nameless=2)
    for who in range(3):
        assert crowd.one_too_many() is None
        comes(crowd, who, f"192.0.2.{who}")
    assert crowd.one_too_many() == 0
    crowd.leave(0)
    assert crowd.one_too_many() is None


def test_who_gives_a_name_stays() -> None:
    crowd = of(nameless=2)
    comes(crowd, 0)
    crowd.name(0)
    crowd.name(0)  # on another device, or again
    for who in range(1, 4):
        comes(crowd, who, f"192.0.2.{who}")
    assert crowd.one_too_many() == 1


# what is kept of it


def test_nothing_is_kept_of_a_place_where_nobody_is() -> None:
    crowd = of(most=10**9, pace=Allowance(1.0, 100.0))
    tracemalloc.start()
    for who in range(100_000):
        comes(crowd, who, f"10.{who >> 16}.{who >> 8 & 255}.{who & 255}", NOW + who / 1e4)
        crowd.leave(who)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(crowd) == 0
    assert kept < 3_000_000


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["come", "show", "name", "leave"]),
            st.integers(0, 5),
            st.sampled_from([None, HOME, ELSEWHERE]),
        )
    )
)
def test_whatever_happens_places_have_as_many_as_are_there(
    happens: list[tuple[str, int, str | None]],
) -> None:
    crowd = of(of_one=3, nameless_of_one=2)
    there: dict[int, str | None] = {}
    for what, who, address in happens:
        if what == "come" and who not in crowd and comes(crowd, who, address) is None:
            there[who] = address
        elif what == "show" and there.get(who, HOME) is None and shows(crowd, who, HOME) is None:
            there[who] = HOME
        elif what == "name":
            crowd.name(who)
        elif what == "leave":
            crowd.leave(who)
            there.pop(who, None)
        assert len(crowd) == len(there)
        assert list(there.values()).count(HOME) <= 3
    for who in list(there):
        crowd.leave(who)
    crowd.bounds = Bounds(100, of_one=1, nameless=inf)
    assert comes(crowd, 99) is None
    assert comes(crowd, 98) == "too-many-connections"
