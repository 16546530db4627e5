"""How many wrong passwords may be tried, from where, and for whose name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twisted_chat.core.attempts import OF_A_PAIR, Attempts, Debts, whence
from twisted_chat.core.refusals import Refusal

NOW = 5000.0
HOME = "192.0.2.1"


def street(number: int) -> str:
    """One of a great many addresses."""
    return f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"


def may(attempts: Attempts, name: str = "ann", address: str = HOME, now: float = NOW) -> bool:
    """Try with a wrong password."""
    try:
        attempts.check(name, address, now)
    except Refusal:
        return False
    return True


def test_five_may_be_tried_at_once_and_then_one_a_minute() -> None:
    attempts = Attempts()
    assert [may(attempts) for _ in range(7)] == [True] * 5 + [False] * 2
    assert not may(attempts, now=NOW + 59)
    assert [may(attempts, now=NOW + 60) for _ in range(2)] == [True, False]


def test_who_tries_too_often_is_told_for_how_long_to_wait() -> None:
    attempts = Attempts()
    while may(attempts):
        pass
    with pytest.raises(Refusal, match=r"try again in 48s\.") as refused:
        attempts.check("ann", HOME, NOW + 12.5)
    assert refused.value.code == "too-many-attempts"


@given(st.integers(1, 40), st.floats(0, 1e6))
def test_who_waits_as_long_as_told_is_let_in(tries: int, start: float) -> None:
    attempts = Attempts()
    for _ in range(tries):
        may(attempts, now=start)
    assert may(attempts, now=start + 60)


def test_one_address_tries_twenty_at_once_over_all_names_and_then_four_a_minute() -> None:
    attempts = Attempts()
    tried = [may(attempts, f"name{number}") for number in range(25)]
    assert tried == [True] * 20 + [False] * 5
    later = [may(attempts, f"later{number}", now=NOW + 60) for number in range(6)]
    assert later == [True] * 4 + [False] * 2


def test_one_name_is_tried_a_hundred_times_at_once_from_everywhere_and_then_ten_a_minute() -> None:
    attempts = Attempts()
    assert sum(may(attempts, address=street(number)) for number in range(150)) == 100
    assert sum(may(attempts, "ann", street(1000 + n), NOW + 60) for n in range(50)) == 10


def test_other_names_and_addresses_are_not_held_up() -> None:
    attempts = Attempts()
    while may(attempts):
        pass
    assert may(attempts, "bob")
    assert may(attempts, "ann", "192.0.2.2")


def test_strangers_do_not_lock_out_an_owner_who_came_from_there_before() -> None:
    attempts = Attempts()
    attempts.check("ann", HOME, NOW)
    attempts.succeeded("ann", HOME)
    for number in range(150):
        may(attempts, address=street(number))
    assert not may(attempts, address="198.51.100.1")
    assert may(attempts, address=HOME)


def test_who_succeeds_has_all_five_again() -> None:
    attempts = Attempts()
    for _ in range(5):
        attempts.check("ann", HOME, NOW)
    attempts.succeeded("ann", HOME)
    assert [may(attempts) for _ in range(6)] == [True] * 5 + [False]


def test_any_number_succeed_from_one_address() -> None:
    attempts = Attempts()
    for number in range(200):
        attempts.check(f"name{number}", HOME, NOW)
        attempts.succeeded(f"name{number}", HOME)


def test_ones_own_account_does_not_clear_the_way_to_others() -> None:
    attempts = Attempts()
    wrong = 0
    for number in range(100):
        if may(attempts, "eve"):
            attempts.succeeded("eve", HOME)
        wrong += may(attempts, f"victim{number}")
    assert wrong == 20


def test_tries_at_the_same_time_are_counted_before_any_is_answered() -> None:
    attempts = Attempts()
    assert sum(may(attempts) for _ in range(100)) == 5


def test_what_is_refused_does_not_lengthen_the_wait() -> None:
    attempts = Attempts()
    for _ in range(1000):
        may(attempts)
    assert may(attempts, now=NOW + 60)


@pytest.mark.parametrize(
    ("address", "counts_as"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("/run/chat.sock", "/run/chat.sock"),
    ],
)
def test_addresses_of_one_user_count_as_one(address: str, counts_as: str) -> None:
    assert whence(address) == counts_as


def test_another_address_of_the_same_network_is_no_new_beginning() -> None:
    attempts = Attempts()
    assert sum(may(attempts, address=f"2001:db8::{number:x}") for number in range(1, 99)) == 5


def test_who_has_paid_is_forgotten() -> None:
    debts: Debts[int] = Debts(OF_A_PAIR)
    for number in range(50):
        debts.charge(number, NOW)
    debts.charge(99, NOW + 60)
    assert len(debts) == 1


def test_memory_is_bounded_however_many_try() -> None:
    attempts = Attempts(most=100)
    for number in range(1000):
        may(attempts, f"name{number}", street(number))
        attempts.succeeded(f"name{number}", street(number))
        may(attempts, f"name{number}", street(number))
    tables = attempts._pairs, attempts._addresses, attempts._names, attempts._proven
    assert max(len(table) for table in tables) <= 100


def test_a_flood_of_others_does_not_free_who_owes_much() -> None:
    debts: Debts[str] = Debts(OF_A_PAIR, most=100)
    for _ in range(5):
        debts.charge("eve", NOW)
    for number in range(1000):
        debts.charge(f"other{number}", NOW)
    assert debts.wait("eve", NOW) == 60.0
