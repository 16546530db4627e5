"""Where the client's own files are: the folders of the XDG base directory specification."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

OURS = "twisted-chat"


@dataclass(frozen=True, slots=True)
class Folders:
    """``config``: what people write; ``state``: what the client remembers from one time to the
    next. Neither need be there."""

    config: Path
    state: Path

    @classmethod
    def of(cls, environment: Mapping[str, str] = os.environ) -> "Folders":
        home = Path(environment.get("HOME") or "/")
        return cls(
            _folder(environment, "XDG_CONFIG_HOME", home / ".config") / OURS,
            _folder(environment, "XDG_STATE_HOME", home / ".local" / "state") / OURS,
        )

    @property
    def settings(self) -> Path:
        return self.config / "config.toml"

    @property
    def last(self) -> Path:
        """The server where one was last."""
        return self.state / "last.toml"


def _folder(environment: Mapping[str, str], variable: str, otherwise: Path) -> Path:
    """A path that is not absolute does not count, as the specification says."""
    given = Path(environment.get(variable, ""))
    return given if given.is_absolute() else otherwise
