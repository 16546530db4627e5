"""A place to listen at, from what was typed: read, or refused in a sentence."""

from pathlib import Path

from twisted.internet.endpoints import quoteStringArgument, serverFromString
from twisted.internet.interfaces import IStreamServerEndpoint
from twisted.python.usage import UsageError

from twisted_chat import certificates


def read(description: str, base: Path) -> IStreamServerEndpoint:
    """``base``: where names of folders begin, wherever the daemon is by now. Raises a
    UsageError."""
    from twisted.internet import reactor

    kind, _, rest = description.partition(":")
    wanted = description
    try:
        if kind == "tls":  # Twisted looks when somebody comes
            name, _, place = rest.partition(":")
            certificates.look_through(base, name)
            wanted = f"tls:{quoteStringArgument(str(base / name))}:{place}"
        endpoint: IStreamServerEndpoint = serverFromString(reactor, wanted)
        shown = certificates.of(endpoint)
        empty = shown is not None and shown.empty
    except MemoryError:
        need = "TLS needs memory that can be run: MemoryDenyWriteExecute=no in the unit"
        raise UsageError(f"--listen {description}: {need}") from None
    except certificates.Unusable as error:
        raise UsageError(f"--listen {description}: {error}") from None
    except ModuleNotFoundError as error:
        need = f"it needs {error.name}: pip install 'twisted_chat[tls]'"
        raise UsageError(f"--listen {description}: {need}") from None
    except Exception as error:  # parsers raise whatever comes: KeyError, TypeError, OSError ...
        why = str(error) or type(error).__name__
        if kind == "systemd":
            why = "systemd has handed over no such socket"
        raise UsageError(f"--listen {description} is no endpoint: {why}") from None
    if empty:
        why = f"{rest.partition(':')[0]} holds no certificate that has a name and its key"
        raise UsageError(f"--listen {description}: {why}")
    return endpoint


def folder_of(description: str, base: Path) -> Path | None:
    """Where its certificates are; None where it has none of its own."""
    kind, _, rest = description.partition(":")
    return base / rest.partition(":")[0] if kind == "tls" else None
