"""Which server is meant, of what is typed, what the settings say, and where one was last."""

import argparse
from dataclasses import dataclass, replace

from twisted_chat import pins
from twisted_chat.client.settings import Settings, Table
from twisted_chat.client.where import Address, WrongUse, address

HERE = "localhost"


@dataclass(frozen=True, slots=True)
class Server:
    """One of ``at`` and ``endpoint``, a description of Twisted's, is there. ``pins``: the keys that
    it may have, which take the place of the authorities' word. ``password_file`` and
    ``password_command``: where the password is that it may ask for. ``known``: what is remembered
    of it; ``source``: who said that it is meant."""

    at: Address | None = None
    endpoint: str = ""
    tls: bool = False
    pins: frozenset[str] = frozenset()
    name: str | None = None
    password_file: str = ""
    password_command: str = ""
    known: tuple[tuple[str, str | bool], ...] = ()
    source: str = ""

    def __str__(self) -> str:
        return self.endpoint or str(self.at)


def chosen(typed: argparse.Namespace, settings: Settings, last: Table) -> Server:
    """Raises WrongUse."""
    table = _elsewhere(typed) if typed.endpoint else _table(typed.where, settings, last)
    server = _with_typed(_of(table), typed, settings)
    if server.endpoint.startswith("ssl:"):
        raise WrongUse("ssl: endpoints do not check the certificate: tls:HOST:PORT does")
    if server.endpoint and server.tls and not server.pins:
        raise WrongUse("--tls checks the certificate of a HOST: an endpoint is tls:HOST:PORT")
    if server.password_file and server.password_command:
        raise WrongUse("--password-file or --password-command, and not both")
    known = tuple(_remembered(typed, table, server).items())
    return replace(server, known=known, source=_source(typed, settings, last))


def _source(typed: argparse.Namespace, settings: Settings, last: Table) -> str:
    if typed.endpoint or typed.where is not None:
        place = (typed.where or "").rpartition("@")[2]
        return f"{place} of the settings" if place in settings.servers else "the command line"
    if "server" in settings.general:
        return "the settings"
    return "where you were last" if last else "nothing that was said, so it is this machine"


def _elsewhere(typed: argparse.Namespace) -> Table:
    """An endpoint of the command line: nothing that is known of a server holds for it."""
    name, at, _ = (typed.where or "").rpartition("@")
    return {"endpoint": typed.endpoint} | ({"name": name} if at else {})


def _table(where: str | None, settings: Settings, last: Table) -> Table:
    """What is known of the server that was asked for: by a name of the settings, or as it is."""
    if where is None:
        wanted = settings.general.get("server")
        if not isinstance(wanted, str):
            return _again(last, settings)
        where = wanted
    name, at, place = where.rpartition("@")
    if place not in settings.servers:
        return {"where": where}
    return settings.servers[place] | {"server": place} | ({"name": name} if at else {})


def _again(last: Table, settings: Settings) -> Table:
    """Where one was last; of a server that has a name, what is known of it now."""
    name = last.get("server")
    if name is None:
        return last or {"where": HERE}
    return settings.servers.get(str(name), {"where": HERE}) | last


def _of(table: Table) -> Server:
    at = address(str(table["where"])) if "where" in table else None
    name = table.get("name") or (at.name if at else None)
    return Server(
        at=at,
        endpoint=str(table.get("endpoint", "")),
        tls=bool(table.get("tls") or table.get("pin")),
        pins=pins.read(str(table["pin"])) if "pin" in table else frozenset(),
        name=str(name) if name else None,
        password_file=str(table.get("password-file", "")),
        password_command=str(table.get("password-command", "")),
    )


def _with_typed(server: Server, typed: argparse.Namespace, settings: Settings) -> Server:
    """What is typed wins over what is known."""
    name = typed.name or server.name or settings.general.get("name")
    keys = _pins(typed.pin) if typed.pin else server.pins
    password = (typed.password_file or "", typed.password_command or "")
    return replace(
        server,
        tls=server.tls or typed.tls or bool(keys),
        pins=keys,
        name=str(name) if name else None,
        password_file=password[0] if any(password) else server.password_file,
        password_command=password[1] if any(password) else server.password_command,
    )


def _pins(typed: str) -> frozenset[str]:
    try:
        return pins.read(typed)
    except ValueError as error:
        raise WrongUse(f"--pin: {error}") from None


def _remembered(typed: argparse.Namespace, table: Table, server: Server) -> Table:
    """For the next time: where it is and how it is known, and no password."""
    if "server" in table:
        known: Table = {"server": table["server"]}
    elif server.endpoint:
        known = {"endpoint": server.endpoint}
    else:
        known = {"where": str(server.at)}
    if "server" not in table or typed.tls or typed.pin:
        known |= {"tls": True} if server.tls else {}
        known |= {"pin": ";".join(sorted(server.pins))} if server.pins else {}
    return known
