"""What the one who runs the chat asks for, and how the house is run."""

import pytest

from tests.core.chatting import Company, posts, the
from twisted_chat.core.asking import LISTED
from twisted_chat.core.chat import House
from twisted_chat.core.events import LOBBY, Told
from twisted_chat.core.history import Query
from twisted_chat.core.looking import Looking
from twisted_chat.core.outcomes import (
    Depart,
    Look,
    Measure,
    NameList,
    Outcome,
    People,
    Person,
    Stop,
)
from twisted_chat.core.requests import (
    Away,
    CatchUp,
    History,
    Last,
    Leave,
    Mentions,
    More,
    Names,
    Request,
    Say,
    Search,
    Shutdown,
    Stats,
    Tell,
    Who,
)

SOLO = House(solo=True, kept="forever")


def operated(request: Request, *people: str) -> list[Outcome]:
    """What follows when the console asks this in a chat with these people."""
    company = Company(*people)
    return company.asks(company.console, request)


def test_the_figures_are_measured_for_the_operator() -> None:
    assert operated(Stats()) == [Measure()]


def test_the_operator_is_in_no_list() -> None:
    assert operated(Names(), "ann") == [NameList(LOBBY, ("ann",), 1)]


@pytest.mark.parametrize(
    ("request_", "stop"),
    [
        (Shutdown(), Stop(0.0, "")),
        (Shutdown("10m", "backup"), Stop(600.0, "backup")),
        (Shutdown("cancel", "not today"), Stop(None, "not today")),
    ],
)
def test_a_shutdown_is_at_once_or_later_or_taken_back(request_: Shutdown, stop: Stop) -> None:
    assert operated(request_) == [stop]


@pytest.mark.parametrize("delay", ["soon", "10 m", "-1", "forever"])
def test_no_shutdown_is_announced_that_never_comes(delay: str) -> None:
    company = Company()
    assert company.refused(company.console, Shutdown(delay)).code == "bad-duration"


def test_a_guests_exit_ends_her_visit_alone() -> None:
    company = Company("ann")
    assert company.asks(company.devices[0], Leave()) == [Depart()]


def test_a_guests_exit_ends_the_daemon_too_where_the_house_wants_it() -> None:
    company = Company("ann", house=House(exit_stops=True))
    assert company.asks(company.devices[0], Leave()) == [Depart(), Stop(0.0, "")]


def test_an_operators_exit_ends_no_daemon_even_where_a_guests_does() -> None:
    company = Company(house=House(exit_stops=True))
    assert company.asks(company.console, Leave()) == [Depart()]
    assert operated(Leave()) == [Depart()]


# who is here


def test_who_tells_since_when_people_are_here_and_silent_and_away() -> None:
    company = Company("ann", "bob")
    ann, bob = company.devices
    company.later(50)
    company.asks(bob, Say("hi"))
    company.asks(ann, Away("lunch"))
    company.later(10)
    people = (Person("ann", 60.0, 60.0, "lunch"), Person("bob", 60.0, 10.0))
    assert company.asks(ann, Who()) == [People("", people, 2)]


def test_who_shows_one_person_on_several_devices_once() -> None:
    company = Company()
    ann = company.owner("ann")
    company.owner("ann")
    person = Person("ann", 0.0, 0.0, "", True, 2)
    assert company.asks(ann, Who()) == [People("", (person,), 1)]


def test_who_shows_those_whose_name_begins_so() -> None:
    company = Company("ann", "Anna", "bob", "Zoé")
    asked = [company.asks(company.devices[0], Who(typed)) for typed in ("AN", "anna ", "zoÉ", "x")]
    shown = [[one.name for one in the(found, People).people] for found in asked]
    assert shown == [["ann", "Anna"], ["Anna"], ["Zoé"], []]


def test_a_list_shows_a_screen_of_people_and_counts_all() -> None:
    company = Company(*(f"ann{number}" for number in range(LISTED + 3)))
    listed = the(company.asks(company.devices[0], Names()), NameList)
    people = the(company.asks(company.devices[0], Who()), People)
    assert (len(listed.names), listed.count) == (LISTED, LISTED + 3)
    assert (len(people.people), people.count) == (LISTED, LISTED + 3)


# alone with the server

PAST: list[Looking] = [History(), CatchUp(), Mentions(), Last("x"), Search("x"), More()]


def test_in_a_solo_chat_a_guest_sees_nobody_but_herself() -> None:
    company = Company("ann", "bob", house=SOLO)
    bob = company.devices[1]
    assert company.asks(bob, Names()) == [NameList(LOBBY, ("bob",), 1)]
    assert company.asks(bob, Who("a")) == [People("", (), 0)]


def test_in_a_solo_chat_the_operator_sees_and_reaches_all() -> None:
    company = Company("ann", "bob", house=SOLO)
    assert company.asks(company.console, Names()) == [NameList(LOBBY, ("ann", "bob"), 2)]
    told = [("@ann", Told("Server", "ann", "hi"))]
    assert posts(company.asks(company.console, Tell("ann", "hi"))) == told


@pytest.mark.parametrize("request_", PAST)
def test_in_a_solo_chat_a_guest_reads_nothing_of_the_past(request_: Request) -> None:
    company = Company("ann", house=SOLO)
    assert company.refused(company.devices[0], request_).code == "nothing-kept"


def test_in_a_solo_chat_the_operator_reads_what_was_said_to_her() -> None:
    company = Company(house=SOLO)
    assert queried(company, History()).logs == ("&operators", "*")


def test_elsewhere_the_console_reads_no_more_of_the_past_than_all_do() -> None:
    company = Company()
    company.joins(company.owner("ann"), "#lab")
    assert queried(company, History()).logs == (LOBBY, "*")
    assert queried(company, Search("x")).logs == (LOBBY, "*")
    assert company.refused(company.console, History(room="#lab")).code == "not-in-room"


def queried(company: Company, request: Request) -> Query:
    return the(company.asks(company.console, request), Look).query
