"""Somebody with ``nc`` who may own her name, and may come from another address."""

import socket

from tests.live.daemon import PATIENCE, Talker

PASSWORD = "correct horse battery"


class Person(Talker):
    """``address``: of this machine, from which she comes."""

    def __init__(self, port: int, address: str = "127.0.0.1") -> None:
        where = ("127.0.0.1", port)
        super().__init__(socket.create_connection(where, PATIENCE, (address, 0)))

    def registers(self, name: str) -> list[str]:
        """Come in as a guest and own the name from then on; the recovery codes."""
        self.enters(name)
        self.say("/register")
        self.reads("A new password")
        self.say(PASSWORD)
        self.reads("once more:")
        self.say(PASSWORD)
        self.reads("write them down.\r\n")
        return [self.reads("\r\n").removeprefix("--").strip() for _ in range(8)]

    def offers(self, name: str, password: str) -> None:
        """Give a name that is owned, and this password when it is asked for."""
        self.say(name)
        self.reads("What is its password?")
        self.say(password)

    def comes_back(self, name: str, password: str = PASSWORD) -> str:
        """By a name that is hers; what she reads."""
        self.offers(name, password)
        self.reads(f"Hello {name}, you are now connected!")
        return self.reads("exit leaves.\r\n")

    def goes(self) -> None:
        """Take leave, and be gone for the daemon too."""
        self.say("exit")
        self.reads_to_the_end()
        self.socket.close()


def owner(port: int, name: str) -> Person:
    """Somebody who is here and owns her name from now on."""
    person = Person(port)
    person.registers(name)
    return person


def returned(port: int, name: str) -> Person:
    """Somebody who has come back by the name that is hers."""
    person = Person(port)
    person.comes_back(name)
    return person
