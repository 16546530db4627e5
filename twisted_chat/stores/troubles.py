"""What does not work just now: logged once, and not for each line, which would fill a full disk."""

from twisted.logger import Logger

from twisted_chat.ports import StoreFailed
from twisted_chat.stores import database


def why(error: BaseException | None) -> str:
    return str(error) if isinstance(error, StoreFailed) else database.reason(error)


class Troubles:
    log = Logger()

    def __init__(self) -> None:
        self._with: set[str] = set()

    def begin(self, what: str, error: BaseException | None) -> None:
        """``what`` waits: that is logged, unless it did before."""
        if what not in self._with:
            self._with.add(what)
            self.log.error("{what} waits: {why}", what=what, why=why(error))

    def has(self, what: str) -> bool:
        return what in self._with

    def end(self, what: str) -> None:
        if what in self._with:
            self._with.discard(what)
            self.log.info("{what} goes on", what=what)
