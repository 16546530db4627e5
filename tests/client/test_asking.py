"""Who is here, for a script, whatever the server answers."""

import pytest

from twisted_chat.client.asking import people_of
from twisted_chat.client.errand import Stop
from twisted_chat.client.status import Status
from twisted_chat.core.events import Entry, Said
from twisted_chat.core.outcomes import Answer, Done, People


def test_people_are_people() -> None:
    people = People("", (), 0)
    assert people_of(people) is people


@pytest.mark.parametrize("answer", [Done(""), Entry(7, "#lobby", Said("bob", "hi"))])
def test_another_answer_ends_the_script_in_words(answer: Answer | Entry) -> None:
    with pytest.raises(Stop, match="did not say who is here") as stop:
        people_of(answer)
    assert stop.value.status == Status.REFUSED
