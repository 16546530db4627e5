"""What the chat itself does about somebody who bothers the others: for a while, and a little more
each time. It belongs to the person and never to an address, behind which there may be many."""

from collections.abc import Callable

from twisted_chat.core import durations, refusals
from twisted_chat.core.conduct import PAUSE, SECONDS, Conduct, Measure
from twisted_chat.core.events import LOBBY
from twisted_chat.core.outcomes import Evict, Outcome, Refused
from twisted_chat.core.requests import Right
from twisted_chat.core.rulings import CHAT, ruled
from twisted_chat.core.sanctions import sanctioned
from twisted_chat.core.state import Member, State


def misbehaves(state: State, member: Member, weigh: Callable[[Conduct], int]) -> list[Outcome]:
    """Nothing, as nearly always; or what is done about it, and then what she asked for is not
    done. ``weigh`` says how many points it is, to somebody who behaved so before."""
    if not state.house.calm or member.right >= Right.OPERATOR:
        return []
    if member.conduct is None:
        member.conduct = Conduct()
    points = weigh(member.conduct)
    measure = member.conduct.bothers(points, state.moment.clock) if points else None
    return [] if measure is None else _measures(state, member, measure)


def _measures(state: State, member: Member, measure: Measure) -> list[Outcome]:
    """The chat itself acts, for a while."""
    seconds, lobby = SECONDS[measure], state.opened(LOBBY)
    why = "too much of the same" if measure is Measure.SLOW else "still too much of the same"
    what = ("calm" if measure is Measure.SLOW else "mute", lobby, member.key)
    if measure is Measure.SLOW:
        assert member.conduct is not None
        member.conduct.slowed = state.moment.clock + seconds
        acts = ruled(state, None, what, why, None, seconds)
        told = refusals.slowed_down(durations.say(PAUSE), durations.say(seconds))
        return [*acts.kept, Refused.of(told)]
    if measure is Measure.KICK:
        acts = ruled(state, None, ("kick", lobby, member.key), why, None)
        return [*acts.kept, acts.told, Evict(member.key, f"You were kicked: {why}.", "kicked")]
    acts = sanctioned(state, None, what, seconds, why)
    told = refusals.muted("", durations.say(seconds), CHAT, why)
    return [*acts.kept, acts.told, Refused.of(told)]
