"""What one has told others, and whether it has arrived."""

from tests.core.chatting import Company, posts, the
from twisted_chat.core.chat import Arrival, House
from twisted_chat.core.events import Delivered, Entry, Event, Sent, Told
from twisted_chat.core.history import Query
from twisted_chat.core.outcomes import Look, SentLine, SentList
from twisted_chat.core.requests import Enter, SentBefore
from twisted_chat.core.talking import SHOWN

ASKED = SentBefore()


def entries(*events: Event) -> list[Entry]:
    """One a second, from the first second on."""
    return [Entry(at * 10**6, "@ann", event) for at, event in enumerate(events, 1)]


def sent(*events: Event) -> tuple[SentLine, ...]:
    """What ann is shown, in whose log these are."""
    company = Company()
    return the(company.finds(company.owner("ann"), ASKED, *entries(*events)), SentList).sent


def test_what_was_told_to_who_was_here_arrived_at_once() -> None:
    assert sent(Sent("ann", "bob", "hi", False)) == (SentLine("bob", "hi", 1.0, 1.0),)


def test_what_waits_has_not_arrived() -> None:
    assert sent(Sent("ann", "bob", "hi", True)) == (SentLine("bob", "hi", 1.0, 0.0),)


def test_what_waited_arrived_when_it_was_handed_out() -> None:
    waited, handed_out = Sent("ann", "bob", "hi", True), Delivered("Bob", 1_500_000, 1)
    assert sent(waited, handed_out) == (SentLine("bob", "hi", 1.0, 2.0),)


def test_what_was_told_after_the_last_that_was_handed_out_waits() -> None:
    one, handed_out = Sent("ann", "bob", "one", True), Delivered("bob", 1_500_000, 1)
    two = Sent("ann", "bob", "two", True)
    assert [line.arrived for line in sent(one, handed_out, two)] == [2.0, 0.0]


def test_what_was_handed_out_to_one_has_not_arrived_at_another() -> None:
    assert sent(Sent("ann", "bob", "hi", True), Delivered("cy", 9**9, 1))[0].arrived == 0.0


def test_what_others_told_her_is_not_among_it() -> None:
    assert sent(Told("bob", "ann", "hi")) == ()


def test_the_last_ones_are_shown() -> None:
    many = [Sent("ann", "bob", str(number), False) for number in range(SHOWN + 5)]
    assert [line.text for line in sent(*many)] == [str(number) for number in range(5, SHOWN + 5)]


def test_it_is_looked_for_in_ones_own_log_since_the_name_is_ones_own() -> None:
    company = Company()
    ann = company.owner("ann")
    since = company.chat.accounts["ann"].since
    look = the(company.asks(ann, ASKED), Look)
    assert look.query == Query(("@ann",), limit=look.query.limit, floors=(("@ann", since),))


def test_a_guest_has_sent_nothing_that_is_kept_for_her() -> None:
    company = Company("ann")
    assert company.refused(company.devices[0], ASKED).code == "not-allowed"


def test_where_nothing_is_kept_there_is_nothing_to_look_at() -> None:
    company = Company(house=House())
    assert company.refused(company.owner("ann"), ASKED).code == "nothing-kept"


def test_those_who_wrote_to_her_are_told_once_when_she_was_handed_it() -> None:
    company = Company("cy")
    company.account("ann")
    company.account("bob")
    waiting = Arrival(owned=True, waiting=("bob", "cy", "bob", "gone"))
    ann, _ = company.enters(Enter("ann"), waiting)
    told = [("@bob", Delivered("ann", 77, 2)), ("@cy", Delivered("ann", 77, 1))]
    assert posts(company.chat.arrived(ann.member, 77)) == told
    assert company.chat.arrived(ann.member, 78) == []
