"""Names and passwords that somebody else knows: the checkers of ``--auth``, by twisted.cred."""

from collections.abc import Sequence

from twisted.cred.checkers import (
    ANONYMOUS,
    ICredentialsChecker,
    InMemoryUsernamePasswordDatabaseDontUse,
)
from twisted.cred.credentials import UsernamePassword
from twisted.cred.error import LoginDenied, UnauthorizedLogin
from twisted.internet.defer import maybeDeferred
from twisted.internet.interfaces import IReactorTime
from twisted.logger import Logger

from twisted_chat.core import refusals

PATIENCE = 10.0
"""Seconds for one checker: a directory across the network, and no longer than a person waits."""


class Authority:
    """Asks each checker in turn. Whatever goes wrong is no yes.

    A checker that blocks, blocks the chat: those of Twisted read their file at every question.
    """

    log = Logger()

    def __init__(self, checkers: Sequence[ICredentialsChecker], clock: IReactorTime) -> None:
        self._checkers = [_asked_with_bytes(checker) for checker in checkers]
        self._clock = clock
        self._told: set[tuple[type, type]] = set()

    async def knows(self, name: str, password: str) -> bool:
        """Whether a checker says that this is the password of this name.

        ``name``: legal, and in the case in which it was typed: whether that matters is the
        checker's to say. Raises a Refusal if none says yes, and one could not be asked.
        """
        if not password:
            return False  # LDAP takes a bind without one for an anonymous one, and says yes
        try:
            credentials = UsernamePassword(name.encode(), password.encode())
        except UnicodeEncodeError:
            return False
        troubled = False
        for checker in self._checkers:
            try:
                if await self._says_yes(checker, credentials):
                    return True
            except Exception as error:  # checkers are plugins: they raise whatever comes
                self._tell(checker, error)
                troubled = True
        if troubled:
            raise refusals.cannot_check()
        return False

    async def _says_yes(self, checker: ICredentialsChecker, credentials: UsernamePassword) -> bool:
        """The identity that it answers with is not used: the name is the one that was typed. But
        nothing and nobody are no answer that vouches for somebody."""
        answer = maybeDeferred(checker.requestAvatarId, credentials)
        answer.addTimeout(PATIENCE, self._clock)
        try:
            identity = await answer
        except (UnauthorizedLogin, LoginDenied):
            return False
        return bool(identity) and identity != ANONYMOUS

    def _tell(self, checker: ICredentialsChecker, error: Exception) -> None:
        """Once a kind: a directory that is down would fill the log."""
        kind = type(checker), type(error)
        if kind not in self._told:
            self._told.add(kind)
            self.log.failure("{checker} cannot check passwords", checker=kind[0].__name__)


def _asked_with_bytes(checker: ICredentialsChecker) -> ICredentialsChecker:
    """The checker of ``--auth memory:`` has its names and passwords as text, and so would know
    nobody: credentials are bytes. Every other is as it was."""
    if not isinstance(checker, InMemoryUsernamePasswordDatabaseDontUse):
        return checker
    in_bytes = InMemoryUsernamePasswordDatabaseDontUse()
    for name, password in checker.users.items():
        in_bytes.addUser(_bytes(name), _bytes(password))
    return in_bytes


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()
