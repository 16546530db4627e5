"""What the chat itself does about somebody who bothers the others: a little more each time, never
for ever, and never about somebody else."""

import pytest

from tests.core.chatting import KEPT, Company, here, posts
from twisted_chat.core.chat import Device, House
from twisted_chat.core.conduct import (
    BOTHER,
    ESCALATION,
    FORGIVEN,
    PAUSE,
    REPEATED,
    SECONDS,
    SPARED,
    STRANGER,
    Conduct,
    Measure,
)
from twisted_chat.core.events import LOBBY, Said
from twisted_chat.core.outcomes import Evict, Outcome, Refused
from twisted_chat.core.refusals import Refusal
from twisted_chat.core.requests import Audit, Invite, Join, Part, Rename, Request, Say, Tell

NEVER_MIND = 1000.0
"""A time after which nothing is due any more."""


def bothers(company: Company, device: Device) -> list[Outcome]:
    """She says the same until something is done about it."""
    for _ in range(20):
        outcomes = company.asks(device, Say("buy this"))
        if posts(outcomes) != [(LOBBY, Said(device.member.name, "buy this"))]:
            return outcomes
        company.later(0.1)
    raise AssertionError("nothing was done about it")


def codes(outcomes: list[Outcome]) -> list[str]:
    return [one.code for one in outcomes if isinstance(one, Refused)]


# arithmetic


def test_what_is_said_for_the_first_time_bothers_nobody() -> None:
    conduct = Conduct()
    assert [conduct.says(text) for text in ("one", "two", "one", "three")] == [0, 0, REPEATED, 0]


def test_two_lines_that_begin_alike_are_one() -> None:
    conduct = Conduct()
    conduct.says("x" * SPARED + "1")
    assert conduct.says("x" * SPARED + "2") == REPEATED


def test_a_first_message_to_somebody_counts_and_a_conversation_does_not() -> None:
    conduct = Conduct()
    assert [conduct.writes_to("bob", text) for text in ("a", "b", "c")] == [STRANGER, 0, 0]


def test_a_dozen_points_are_borne_with_and_they_are_forgotten() -> None:
    conduct = Conduct()
    assert all(conduct.bothers(1, 0.0) is None for _ in range(int(BOTHER.burst) - 1))
    assert conduct.bothers(1, 1 / BOTHER.rate * BOTHER.burst) is None
    assert conduct.bothers(int(BOTHER.burst) + 1, NEVER_MIND) is Measure.SLOW


def test_each_time_it_is_more_and_after_the_last_the_same_again() -> None:
    conduct = Conduct()
    done = [conduct.bothers(20, NEVER_MIND * turn) for turn in range(5)]
    assert done == [*ESCALATION, Measure.KICK]


def test_after_a_while_it_begins_anew() -> None:
    conduct = Conduct()
    conduct.bothers(20, 0.0)
    assert conduct.bothers(20, FORGIVEN + 1) is Measure.SLOW


def test_no_measure_is_for_ever() -> None:
    assert all(SECONDS[measure] <= 600.0 for measure in ESCALATION)


# what is done


def test_who_says_the_same_again_and_again_is_slowed_then_muted_then_sent_away() -> None:
    company = Company("eve", house=KEPT)
    [eve] = company.devices
    assert codes(bothers(company, eve)) == ["too-fast"]
    company.later(SECONDS[Measure.SLOW])
    for measure in (Measure.MUTE, Measure.LONGER):
        assert codes(bothers(company, eve)) == ["muted"]
        assert company.refused(eve, Say("hi")).code == "muted"
        company.later(SECONDS[measure])
    assert [one.key for one in bothers(company, eve) if isinstance(one, Evict)] == ["eve"]
    assert here(company) == []


def test_who_was_sent_away_may_come_again() -> None:
    company = Company("eve", house=KEPT)
    for measure in ESCALATION:
        bothers(company, company.devices[0])
        company.later(SECONDS[measure])
    company.asks(company.comes("eve"), Say("sorry"))


def test_who_leaves_and_comes_back_is_remembered() -> None:
    company = Company("eve", house=KEPT)
    [eve] = company.devices
    bothers(company, eve)
    company.later(SECONDS[Measure.SLOW])
    company.leaves(eve)
    assert codes(bothers(company, company.comes("Eve"))) == ["muted"]


def test_who_is_slowed_says_one_line_every_few_seconds_for_a_while() -> None:
    company = Company("eve", house=KEPT)
    [eve] = company.devices
    bothers(company, eve)
    assert company.refused(eve, Say("one")).code == "too-fast"
    company.later(PAUSE)
    company.asks(eve, Say("two"))
    company.later(SECONDS[Measure.SLOW])
    company.asks(eve, Say("three"))
    company.asks(eve, Say("four"))


def test_others_at_the_same_address_feel_nothing_of_it() -> None:
    company = Company(house=KEPT)
    eve, bob = company.comes("eve", "192.0.2.7"), company.comes("bob", "192.0.2.7")
    for measure in ESCALATION[:2]:
        bothers(company, eve)
        company.asks(bob, Say(f"hi, {measure}"))
        company.asks(company.comes(f"new-{measure.name}", "192.0.2.7"), Say("hi"))
        company.later(SECONDS[Measure.SLOW] if measure is Measure.SLOW else 0.0)
    assert company.refused(eve, Say("hi")).code == "muted"


def test_another_name_does_not_end_a_mute_by_the_chat() -> None:
    company = Company("eve", house=KEPT)
    [eve] = company.devices
    bothers(company, eve)
    company.later(SECONDS[Measure.SLOW])
    bothers(company, eve)
    assert company.refused(eve, Rename("eva")).code == "muted"


def test_an_automatic_act_is_looked_up_like_any_other() -> None:
    company = Company("eve", house=KEPT)
    bothers(company, company.devices[0])
    [ruling] = company.chat.rulings.values()
    assert (ruling.by, ruling.verb, ruling.target) == ("the chat", "calm", "eve")
    assert "eve" in repr(company.asks(company.console, Audit()))


WAYS: list[list[Request]] = [
    [Rename("one"), Rename("two")],
    [Join("#lab")],
    [Invite("bob", "#lab")],
    [Tell("bob", "buy this")],
    [Say("buy\nthis")],
    [Say("buy this", LOBBY), Say("buy this", "#lab")],
]


@pytest.mark.parametrize("ways", WAYS, ids=repr)
def test_there_is_a_measure_against_every_way_to_bother(ways: list[Request]) -> None:
    company = Company("eve", "bob", house=KEPT)
    eve, _ = company.devices
    company.joins(eve, "#lab")
    for turn in range(40):
        request = ways[turn % len(ways)]
        if isinstance(request, Join) and eve.member.is_in("#lab"):
            company.asks(eve, Part("#lab"))
        outcomes = (
            company.joins(eve, "#lab") if isinstance(request, Join) else _asks(company, request)
        )
        if codes(outcomes):
            return
    raise AssertionError("nothing was done about it")


def _asks(company: Company, request: Request) -> list[Outcome]:
    return company.asks(company.devices[0], request)


def test_an_operator_is_trusted() -> None:
    company = Company(house=KEPT)
    olga = company.operator("olga")
    for _ in range(50):
        company.asks(olga, Say("all clear"))


def test_where_the_house_is_not_calm_nothing_is_done() -> None:
    company = Company("eve", house=House(calm=False))
    for _ in range(50):
        company.asks(company.devices[0], Say("buy this"))
    assert company.chat.rulings == {}


def test_a_lively_conversation_bothers_nobody() -> None:
    company = Company("ann", "bob", house=KEPT)
    for turn in range(300):
        company.asks(company.devices[turn % 2], Say(f"line {turn}"))
        company.asks(company.devices[turn % 2], Tell("bob" if turn % 2 == 0 else "ann", f"{turn}"))
    assert company.chat.rulings == {}


def test_what_was_too_much_is_not_said() -> None:
    company = Company("eve", house=KEPT)
    assert (LOBBY, Said("eve", "buy this")) not in posts(bothers(company, company.devices[0]))


def test_a_refused_line_is_a_refusal_like_any_other() -> None:
    company = Company("eve", house=KEPT)
    bothers(company, company.devices[0])
    with pytest.raises(Refusal, match="one line every 5s"):
        company.asks(company.devices[0], Say("hi"))
