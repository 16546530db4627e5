"""``who``: who is here, for a script."""

from dataclasses import replace

from twisted_chat.client.coming import come_in, leave, within
from twisted_chat.client.errand import Errand, Stop
from twisted_chat.client.status import Status
from twisted_chat.core import names
from twisted_chat.core.events import Entry
from twisted_chat.core.outcomes import Answer, People
from twisted_chat.core.requests import Who
from twisted_chat.speech.answers import answer_lines
from twisted_chat.speech.lines_json import write
from twisted_chat.speech.times import Times


async def who(errand: Errand) -> None:
    """All but whoever asks. Raises Stop, or Unread."""
    chat = await come_in(errand)
    answer = await within(errand, errand.patience, chat.ask(Who(errand.typed.prefix or "")))
    others = without(people_of(answer), chat.seat.name)
    await errand.out.write(write(others, None) if errand.typed.json else _table(others, errand))
    await leave(errand, chat)


def people_of(answer: Answer | Entry) -> People:
    """A server that is not ours may answer anything. Raises Stop."""
    if not isinstance(answer, People):
        raise Stop(Status.REFUSED, "the chat did not say who is here")
    return answer


def without(people: People, name: str) -> People:
    """The script has come in just to ask; on other devices she is here all the same."""
    key = names.fold(name)
    own = next((one for one in people.people if names.fold(one.name) == key), None)
    if own is None:
        return people
    if own.devices > 1:
        fewer = replace(own, devices=own.devices - 1)
        others = tuple(fewer if one is own else one for one in people.people)
        return replace(people, people=others)
    others = tuple(one for one in people.people if one is not own)
    return replace(people, people=others, count=people.count - 1)


def _table(people: People, errand: Errand) -> bytes:
    """A line for each of them, with the name first."""
    lines = answer_lines(people, Times(errand.now))[1:]
    return "".join(f"{line.removeprefix('--   ')}\n" for line in lines).encode("utf-8", "replace")
