"""The law: who may, and what then happens.

Every method either raises a Refusal and changes nothing, or changes what is remembered and gives
back the outcomes, in order. What is remembered is in ``state``; each kind of request has its
functions in a file beside this one, and its row in ``DOES`` here.
"""

from collections.abc import Callable
from typing import Any

from twisted_chat.core import (
    asking,
    durations,
    entering,
    looking,
    moderating,
    owning,
    refusals,
    rights,
    roaming,
    talking,
)
from twisted_chat.core import requests as ask
from twisted_chat.core.entering import Arrival
from twisted_chat.core.events import Delivered, Event, inbox
from twisted_chat.core.history import Page
from twisted_chat.core.outcomes import (
    Depart,
    Done,
    Explain,
    Measure,
    Outcome,
    Pong,
    Post,
    Reread,
    Stop,
)
from twisted_chat.core.requests import Enter, Request, Right
from twisted_chat.core.state import Device, House, Member, Moment, State

__all__ = ["Arrival", "Chat", "Device", "House", "Member", "Moment"]

FARTHEST = 7 * 86400.0
"""Seconds before a shutdown that is announced: nobody counts down for longer than a week."""

Does = Callable[[State, Device, Any], list[Outcome]]


class Chat(State):
    """All that the law has to remember, and what it decides. ``moment`` is of what is asked."""

    def perform(self, device: Device, request: Request, moment: Moment) -> list[Outcome]:
        """Do what she asks, if she may."""
        self.moment = moment
        if request.needs is not Right.GUEST or type(request) in rights.IT_DEPENDS:
            rights.require(self, device, request)
        return DOES[type(request)](self, device, request)

    def require(self, device: Device, request: Request, moment: Moment) -> None:
        """Raises a Refusal for what she may not ask, whatever secrets she knows."""
        self.moment = moment
        rights.require(self, device, request)
        if isinstance(request, ask.Register | ask.ChangePassword | ask.AccountOf):
            owning.require(self, device, request)

    def operator(self, now: float) -> Device:
        return entering.operator(now)

    def may_enter(self, request: Enter, arrival: Arrival, moment: Moment) -> str:
        """The name by which she would be here. Raises a Refusal if she cannot come in by it."""
        self.moment = moment
        return entering.may_enter(self, request, arrival)

    def may_knock(self, request: Enter, address: str, moment: Moment) -> str:
        """Her name, if it is one, and neither she nor her address is banned. Raises a Refusal."""
        self.moment = moment
        return entering.may_knock(self, request, address)

    def require_guests(self) -> None:
        """Raises a Refusal where only those come in who own their names."""
        entering.require_guests(self)

    def enter(
        self, request: Enter, arrival: Arrival, moment: Moment
    ) -> tuple[Device, list[Outcome]]:
        """Somebody comes in, or one more device of hers."""
        self.moment = moment
        return entering.enter(self, request, arrival)

    def leave(self, device: Device, why: str) -> list[Outcome]:
        """A device is gone; ``why`` is empty when she took leave."""
        return entering.leave(self, device, why)

    def arrive(self, device: Device, room: str, moment: Moment) -> list[Outcome]:
        """What follows ``Approach``."""
        self.moment = moment
        return roaming.arrive(self, device, room)

    def seen(self, device: Device, request: Request, page: Page) -> list[Outcome]:
        """What follows a ``Look`` whose page is not to be shown as it is."""
        match request:
            case ask.Redact():
                return talking.redacted(self, device, request, page)
            case ask.Show():
                return talking.shown(self, device, request, page)
            case ask.SentBefore():
                return talking.sent_before(page)
            case _:
                raise AssertionError(f"nothing follows {type(request).__name__}")

    def sealed(
        self, device: Device, request: Request, hashed: str, chance: owning.Chance
    ) -> list[Outcome]:
        """What follows ``Seal``: what was to be checked fits, and what was fresh is hashed."""
        match request:
            case ask.Register():
                return owning.registered(self, device, hashed, chance)
            case ask.ChangePassword():
                return owning.password_changed(self, device, request, hashed)
            case ask.AccountOf():
                return owning.deleted(self, device)
            case _:
                raise AssertionError(f"nothing follows {type(request).__name__}")

    def unsaid(self, event: Event) -> None:
        """It could not be kept: what follows from its being said is taken back."""
        talking.forget(self, event)

    def arrived(self, member: Member, until: int) -> list[Post]:
        """What had waited for her has been handed out: those who wrote it are told."""
        waiting, member.waiting = member.waiting, ()
        return [
            Post(inbox(key), Delivered(member.name, until, waiting.count(key)))
            for key in dict.fromkeys(waiting)
            if key in self.members or key in self.accounts
        ]


def _look(state: State, device: Device, request: looking.Looking) -> list[Outcome]:
    return [looking.look(state, device, request)]


def _take_leave(state: State, device: Device, request: ask.Leave) -> list[Outcome]:
    at_a_console = device.member.key not in state.members
    stops = state.house.exit_stops and not at_a_console
    return [Depart(), Stop(0.0, "")] if stops else [Depart()]


def _shutdown(state: State, device: Device, request: ask.Shutdown) -> list[Outcome]:
    if request.delay == "cancel":
        return [Stop(None, request.reason)]
    seconds = durations.read(request.delay) if request.delay else 0.0
    if seconds > FARTHEST:
        raise refusals.bad_duration(request.delay)
    return [Stop(seconds, request.reason)]


def _entered_already(state: State, device: Device, request: Enter) -> list[Outcome]:
    raise refusals.entered_already(device.member.name)


def _motd(state: State, device: Device, request: ask.Motd) -> list[Outcome]:
    match request.what:
        case "":
            return [Done(state.house.motd.strip("\r\n") or "There is no message of the day.")]
        case "set" if request.text:
            state.house.motd = request.text
            return [Done("all who enter read that; /motd reload takes it from its file again")]
        case "reload":
            return [Reread("motd")]
        case _:
            raise refusals.usage("/motd, /motd set TEXT, or /motd reload")


def _explain(state: State, device: Device, request: ask.Help) -> list[Outcome]:
    return [Explain(request.command, rights.highest(state, device))]


DOES: dict[type[Request], Does] = {
    ask.Say: talking.say,
    ask.Act: talking.act,
    ask.Tell: talking.tell,
    ask.Reply: talking.reply,
    ask.Converse: talking.converse,
    ask.Away: talking.away,
    ask.Back: talking.back,
    ask.Ignore: talking.ignore,
    ask.Unignore: talking.unignore,
    ask.Redact: talking.redact,
    ask.Show: talking.show,
    ask.SentBefore: talking.sent,
    ask.Enter: _entered_already,
    ask.Rename: entering.rename,
    ask.Leave: _take_leave,
    ask.Who: asking.who,
    ask.Whois: asking.whois,
    ask.Names: asking.names_in,
    ask.Join: roaming.join,
    ask.Part: roaming.part,
    ask.Rooms: roaming.rooms,
    ask.Topic: roaming.topic,
    ask.Invite: roaming.invite,
    ask.Manage: roaming.manage,
    ask.Register: owning.register,
    ask.ChangePassword: owning.change_password,
    ask.Logout: owning.logout,
    ask.AccountOf: owning.account,
    ask.History: _look,
    ask.CatchUp: _look,
    ask.Mentions: _look,
    ask.Last: _look,
    ask.Search: _look,
    ask.More: _look,
    ask.Help: _explain,
    ask.Ping: lambda state, device, request: [Pong(state.moment.wall)],
    ask.Announce: moderating.announce,
    ask.Kick: moderating.kick,
    ask.Kill: moderating.kill,
    ask.Ban: moderating.ban,
    ask.Unban: moderating.unban,
    ask.Bans: moderating.bans,
    ask.Mute: moderating.mute,
    ask.Unmute: moderating.unmute,
    ask.Slow: moderating.slow,
    ask.Promote: moderating.promote,
    ask.Demote: moderating.demote,
    ask.Lockdown: moderating.lockdown,
    ask.Allow: moderating.allow,
    ask.Audit: moderating.audit,
    ask.Undo: moderating.undo,
    ask.Motd: _motd,
    ask.Rehash: lambda state, device, request: [Reread()],
    ask.Stats: lambda state, device, request: [Measure()],
    ask.Shutdown: _shutdown,
}
"""A function for each request; a test holds that none is missing."""
