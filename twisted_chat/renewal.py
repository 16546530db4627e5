"""Certificates that are renewed are shown from then on by itself, to those who connect."""

from collections.abc import Callable

from twisted.internet.interfaces import IReactorTime
from twisted.internet.task import LoopingCall
from twisted.logger import Logger
from twisted.python.usage import UsageError

from twisted_chat import certificates, endpoints
from twisted_chat.options import Options

LOOK = 60.0
"""Seconds between two looks into the folders. What has changed is read when it was the same at two
of them, so that nothing is read that is still being written."""

Traces = dict[str, frozenset[tuple[str, int, int]]]


class Renewal:
    """``options()`` gives those that hold now. ``tell`` is given what came of it, for the log."""

    log = Logger()

    def __init__(
        self, clock: IReactorTime, options: Callable[[], Options], tell: Callable[[str], None]
    ) -> None:
        self._options = options
        self._tell = tell
        self._looking = LoopingCall(self._look)
        self._looking.clock = clock
        self._shown = self._seen = Traces()

    def start(self) -> None:
        self.renewed()
        if self._shown:
            self._looking.start(LOOK, now=False).addErrback(
                lambda failure: self.log.failure("certificates are not looked at any more", failure)
            )

    def stop(self) -> None:
        if self._looking.running:
            self._looking.stop()

    def renewed(self) -> None:
        """What is in the folders now is shown."""
        self._shown = self._seen = self._traces()

    def _look(self) -> None:
        before, self._seen = self._seen, self._traces()
        if self._seen != before or self._seen == self._shown:
            return
        for place in [one for one, found in self._seen.items() if found != self._shown[one]]:
            self._renew(place)
        self._shown = self._seen  # what cannot be used is told of once

    def _renew(self, place: str) -> None:
        try:
            fresh = endpoints.read(place, self._options().folder)
        except UsageError as error:
            self._tell(f"the certificates stay as they are: {error}")
            return
        certificates.renew(self._options()["endpoints"][place], fresh)
        self._tell(f"certificates of {place}: read again, for those who connect from now on")

    def _traces(self) -> Traces:
        options = self._options()
        places = options["endpoints"]
        folders = {place: endpoints.folder_of(place, options.folder) for place in places}
        return {
            place: certificates.traces(folder)
            for place, folder in folders.items()
            if folder is not None
        }
