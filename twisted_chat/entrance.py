"""How somebody comes in: who she says she is, whether that is true, and where she left off.

What takes a while is waited for here; what is decided, the chat decides.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from math import ceil

from twisted_chat.auth import Authority
from twisted_chat.core import durations, names, passwords, refusals
from twisted_chat.core.attempts import REGISTRATIONS, Attempts, Debts, whence
from twisted_chat.core.chat import Arrival, Chat, Moment
from twisted_chat.core.events import EVERYONE, LOBBY, Told, inbox
from twisted_chat.core.history import MOST, Place, Query
from twisted_chat.core.outcomes import Seal
from twisted_chat.core.passwords import Secret
from twisted_chat.core.records import Account, Record
from twisted_chat.core.requests import Enter, Register
from twisted_chat.passwords import Passwords
from twisted_chat.ports import Archive, StoreFailed


@dataclass(slots=True)
class Keys:
    """What opens the door. ``passwords``: of owned names; ``authority``: whoever else knows names
    and passwords, None for nobody; ``house``: the password of the chat, None for none."""

    passwords: Passwords | None = None
    authority: Authority | None = None
    house: Secret | None = None
    attempts: Attempts = field(default_factory=Attempts)
    registrations: Debts[str] = field(default_factory=lambda: Debts(REGISTRATIONS))


class Entrance:
    """``now`` gives the moment; ``remember`` keeps a record that has changed."""

    def __init__(
        self,
        chat: Chat,
        archive: Archive | None,
        keys: Keys,
        now: Callable[[], Moment],
        remember: Callable[[Record], None],
    ) -> None:
        self.chat = chat
        self.archive = archive
        self.keys = keys
        self.now = now
        self._remember = remember

    async def arrival(self, request: Enter, address: str) -> Arrival:
        """How she comes in. Raises a Refusal if she does not."""
        chat = self.chat
        name = chat.may_knock(request, address, self.now())
        owned = await self._proved(name, request, address)
        if not owned:
            self._require_guest(name, request, address)
        arrival = Arrival(address, owned)
        chat.may_enter(request, arrival, self.now())
        key = names.fold(name)
        place = None if request.after else await self._place(key, name, owned)
        waiting = await self._waiting(key) if owned and key not in chat.members else ()
        return Arrival(address, owned, place, waiting)

    async def check(self, seal: Seal, address: str) -> str:
        """What is hashed, if what had to fit fits. Raises a Refusal."""
        if seal.proof is not None:
            account = self.chat.accounts.get(seal.key)
            if account is None or not await self._fits(account, seal.proof, address):
                raise refusals.wrong_password()
        if isinstance(seal.request, Register):
            self._count_registration(whence(address))
        if not seal.fresh:
            return ""
        return await self._passwords.hashed(seal.fresh, whence(address))

    def _count_registration(self, address: str) -> None:
        now, registrations = self.now().clock, self.keys.registrations
        wait = registrations.wait(address, now)
        if wait > 0:
            raise refusals.too_many_registrations(durations.say(ceil(wait)))
        registrations.charge(address, now)

    @property
    def _passwords(self) -> Passwords:
        if self.keys.passwords is None:
            raise refusals.busy()
        return self.keys.passwords

    # who she is

    async def _proved(self, name: str, request: Enter, address: str) -> bool:
        """Whether the name is hers; False for a guest. Raises a Refusal."""
        account = self.chat.accounts.get(names.fold(name))
        given = request.password
        if account is not None:
            if not given:
                raise refusals.password_needed(name)
            if not await self._fits(account, given, address):
                raise refusals.wrong_password()
            return True
        if self.keys.authority is not None and given is None:
            raise refusals.password_or_guest(name)
        if not given:
            return False
        return await self._vouched_for(name, given, address)

    async def _vouched_for(self, name: str, given: str, address: str) -> bool:
        """The name has no account: whoever else knows it may say so, and then it has one. It takes
        as long as for one that has."""
        key, attempts = names.fold(name), self.keys.attempts
        attempts.check(key, address, self.now().clock)
        known = False
        if self.keys.authority is not None:
            known = await self.keys.authority.knows(name, given)
        else:
            await self._passwords.fits(passwords.prepared(given), None, whence(address))
        if not known:
            raise refusals.wrong_password()
        attempts.succeeded(key, address)
        self.chat.moment = self.now()
        known_by = self.chat.accounts.get(key) or Account(key, name, "", (), self.chat.id_now)
        self._remember(known_by)
        return True

    async def _fits(self, account: Account, given: str, address: str) -> bool:
        """The password, or a recovery code, which is used up by that."""
        attempts = self.keys.attempts
        attempts.check(account.key, address, self.now().clock)
        if account.secret:
            prepared = passwords.prepared(given)
            fits = await self._passwords.fits(prepared, account.secret, whence(address))
        else:
            authority = self.keys.authority
            fits = authority is not None and await authority.knows(account.name, given)
        left = None if fits else self._left(account.key, given)
        if not fits and left is None:
            return False
        attempts.succeeded(account.key, address)
        await self._brought_up(account, given, left)
        return True

    def _left(self, key: str, code: str) -> tuple[str, ...] | None:
        """The codes that are left after this one, as things are now: others may have been used
        while somebody waited."""
        account = self.chat.accounts.get(key)
        return None if account is None else passwords.used(code, account.codes)

    async def _brought_up(self, account: Account, given: str, left: tuple[str, ...] | None) -> None:
        """A code is used once; a hash that was made with other parameters is made anew."""
        if left is not None:
            self._change(account.key, codes=left)
        elif account.secret:
            fresh = await self._passwords.renewed(passwords.prepared(given), account.secret)
            if fresh is not None:
                self._change(account.key, secret=fresh)

    def _change(self, key: str, **changes: object) -> None:
        """It may have changed, or gone, while somebody waited."""
        account = self.chat.accounts.get(key)
        if account is not None:
            self._remember(replace(account, **changes))  # type: ignore[arg-type]

    def _require_guest(self, name: str, request: Enter, address: str) -> None:
        """Guests may come in, and she knows the password of the house, if it has one."""
        self.chat.require_guests()
        house = self.keys.house
        if house is None:
            return
        if request.house is None:
            raise refusals.house_password_needed()
        self.keys.attempts.check("", address, self.now().clock)
        if not house.fits(request.house):
            raise refusals.wrong_password()
        self.keys.attempts.succeeded("", address)

    # where she left off

    async def _place(self, key: str, name: str, owned: bool) -> Place | None:
        chat = self.chat
        if self.archive is None or chat.house.solo:
            return None
        rooms = self._rooms(key, owned)
        logs = (*rooms, EVERYONE)
        try:
            return await self.archive.place(logs, name, chat.house.replay, chat.floors(logs))
        except StoreFailed:
            return None

    def _rooms(self, key: str, owned: bool) -> tuple[str, ...]:
        """Where she will be, and first where she will talk."""
        account = self.chat.accounts.get(key) if owned else None
        rooms = [room for room in account.rooms if self.chat.exists(room)] if account else []
        return tuple(reversed(rooms)) or (LOBBY,)

    async def _waiting(self, key: str) -> tuple[str, ...]:
        """Who wrote to her since she was here: the folded name, once for each message."""
        if self.archive is None:
            return ()
        log = inbox(key)
        query = Query((log,), self.chat.read_up_to(key), limit=MOST, forward=True)
        try:
            page = await self.archive.look(query)
        except StoreFailed:
            return ()
        return tuple(
            names.fold(one.event.name) for one in page.entries if isinstance(one.event, Told)
        )
