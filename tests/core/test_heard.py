"""Random people do random things in random rooms: nobody is heard who may not speak, nobody is
where she may not be, and nobody reads what is not for her."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.chatting import Company, posts, the
from tests.core.test_remembering import REQUESTS, ROOMS, somebody, step
from twisted_chat.core import names, targets
from twisted_chat.core.chat import Device, House
from twisted_chat.core.events import LOBBY, Acted, Event, Pasted, Said, Told
from twisted_chat.core.outcomes import Look
from twisted_chat.core.refusals import Refusal
from twisted_chat.core.requests import (
    AccountOf,
    Act,
    Demote,
    History,
    Request,
    Right,
    Say,
    Search,
    Tell,
    Undo,
)

PEOPLE = ("ann", "bob", "cy", "dan")
SPEAKING: st.SearchStrategy[Request] = st.one_of(
    st.builds(Say, st.sampled_from(["hi", "a\nb"]), ROOMS),
    st.builds(Act, st.just("waves"), ROOMS),
    st.builds(Tell, st.sampled_from(PEOPLE), st.just("psst")),
)
BRINGS_BACK = (Undo, Demote, AccountOf)
"""Who is here stays here when a ban is brought back, or she loses the power that let her in."""

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["asks"] * 8 + ["comes", "leaves"]),
        st.sampled_from(PEOPLE),
        st.one_of(REQUESTS, SPEAKING),
    ),
    max_size=40,
)


def company_of(steps: list[tuple[str, str, Request]]) -> Company:
    """After all this: ann and bob own their names, and bob is an operator."""
    company = Company("cy", house=House(kept="forever", calm=False))
    company.operator("bob", "198.51.100.1")
    company.owner("ann", "192.0.2.7")
    for what, name, request in steps:
        step(company, what, name, request)
    return company


def forbidden(company: Company, kind: str, device: Device, room: str) -> bool:
    """Whether she is muted there or banned from there, as it is remembered."""
    for one in company.chat.sanctions.values():
        holds = one.kind == kind and (not one.until or one.until > company.moment.wall)
        if (
            holds
            and one.room == room
            and targets.hits(one.target, device.member.key, device.address)
        ):
            return True
    return False


def spoken(company: Company, device: Device, request: Request) -> list[tuple[str, Event]]:
    try:
        said = posts(company.asks(device, request))
    except Refusal:
        return []
    return [(log, event) for log, event in said if isinstance(event, Said | Acted | Pasted | Told)]


@settings(max_examples=150, deadline=None)
@given(STEPS, SPEAKING)
def test_nobody_is_heard_who_is_muted_or_not_in_the_room(
    steps: list[tuple[str, str, Request]], words: Request
) -> None:
    company = company_of(steps)
    for member in list(company.chat.members.values()):
        device = member.devices[0]
        for log, event in spoken(company, device, words):
            assert names.fold(getattr(event, "name", "")) == member.key
            if log[0] == "#":
                assert member.is_in(log)
            if member.right < Right.OPERATOR:
                assert not forbidden(company, "mute", device, LOBBY)
                assert not forbidden(company, "mute", device, log)


@settings(max_examples=150, deadline=None)
@given(STEPS)
def test_nobody_is_where_she_is_banned(steps: list[tuple[str, str, Request]]) -> None:
    company = company_of([])
    for what, name, request in steps:
        if isinstance(request, BRINGS_BACK):
            continue
        step(company, what, name, request)
        for member in company.chat.members.values():
            for device in member.devices:
                here = member.right < Right.OPERATOR
                assert not (here and forbidden(company, "ban", device, LOBBY))


@settings(max_examples=150, deadline=None)
@given(STEPS, st.sampled_from(["ann", "bob", "cy", "dan", "server"]))
def test_nobody_reads_what_was_said_where_she_is_not(
    steps: list[tuple[str, str, Request]], name: str
) -> None:
    company = company_of(steps)
    device = somebody(company, name)
    own = {f"@{device.member.key}", "*", *(room.key for room in device.member.rooms)}
    if device is company.console or device.member.right >= Right.OPERATOR:
        own.add(LOBBY)
    for request in (Search("x"), History()):
        look = the(company.asks(device, request), Look)
        assert set(look.query.logs) <= own
