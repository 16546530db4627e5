"""What of a room is shown to a script, and how a script is called."""

from argparse import Namespace
from typing import Any, cast

import pytest

from twisted_chat.client.coming import name_of
from twisted_chat.client.errand import Errand, Stop
from twisted_chat.client.following import Wanted, wanted
from twisted_chat.client.status import Status
from twisted_chat.core import names
from twisted_chat.core.events import (
    Acted,
    Closed,
    Entry,
    Event,
    Joined,
    Moved,
    Pasted,
    Said,
    TopicSet,
)


def asked(room: str, name: str | None = None, text: str | None = None) -> Wanted:
    typed = Namespace(room=room, text=text, **{"from": name})
    errand = cast(Any, Errand)(None, typed, None, None, None, None)
    return wanted(errand)


def fits(what: Wanted, event: Event, log: str = "#lab") -> bool:
    return what.fits(Entry(1, log, event))


@pytest.mark.parametrize(
    ("event", "shown"),
    [
        (Said("ann", "hi"), True),
        (Acted("ann", "waves"), True),
        (Pasted("ann", "a\nb", 1), True),
        (TopicSet("ann", "beans"), True),
        (Joined("ann"), False),
    ],
)
def test_all_that_is_kept_of_a_room_is_shown_and_nothing_that_passes(
    event: Event, shown: bool
) -> None:
    assert fits(asked("#lab"), event) == shown


def test_nothing_is_shown_of_another_room() -> None:
    assert not fits(asked("#lab"), Said("ann", "hi"), "#lobby")


def test_from_is_a_name_however_it_is_written() -> None:
    what = asked("#lab", "ANN")
    assert fits(what, Said("ann", "hi"))
    assert not fits(what, Said("bob", "hi"))
    assert not fits(what, TopicSet("ann", "beans")), "she says nothing"


def test_a_text_is_looked_for_in_either_case() -> None:
    what = asked("#lab", text="Green")
    assert fits(what, Said("ann", "the build is green"))
    assert not fits(what, Said("ann", "the build is red"))


def test_a_room_that_is_renamed_is_followed_and_one_that_is_deleted_is_the_end() -> None:
    moved = asked("#lab").after(Entry(1, "#lab", Moved("ann", "#den")))
    assert moved.room == "#den"
    with pytest.raises(Stop, match="#den was deleted"):
        moved.after(Entry(2, "#den", Closed("ann")))
    assert moved.after(Entry(2, "#lab", Closed("ann"))) == moved


@pytest.mark.parametrize("room", ["lab", "#", "#a b"])
def test_what_is_no_room_is_refused_in_words(room: str) -> None:
    with pytest.raises(Stop) as refused:
        asked(room)
    assert refused.value.status == Status.USAGE


@pytest.mark.parametrize(
    ("user", "host", "name"),
    [
        ("ann", "laptop", "ann-laptop"),
        ("root", "server", "root-server"),
        ("Jürgen", "büro", "Jurgen-buro"),
        ("_www", "web", "www-web"),
        ("u" * 40, "host", "u" * 28),
        ("ann", "", "ann-"),
        ("许", "主机", "script"),
        ("1000", "1", "script"),
    ],
)
def test_a_script_is_called_after_its_user_and_machine(user: str, host: str, name: str) -> None:
    assert name_of(user, host) == name
    assert names.legal(name) == name
    assert len(names.free_name(name, {names.fold(name)})) <= names.LONGEST
