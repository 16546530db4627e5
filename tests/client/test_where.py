"""Where a chat is, as people write it."""

import pytest

from twisted_chat.client.where import NO_PASSWORD, PORT, Address, WrongUse, address


@pytest.mark.parametrize(
    ("where", "read"),
    [
        ("localhost", Address("localhost")),
        ("chat.example", Address("chat.example", PORT)),
        ("chat.example:8000", Address("chat.example", 8000)),
        ("ann@chat.example", Address("chat.example", PORT, "ann")),
        ("ann@chat.example:8000", Address("chat.example", 8000, "ann")),
        ("192.0.2.7:1", Address("192.0.2.7", 1)),
        ("::1", Address("::1")),
        ("[::1]", Address("::1")),
        ("[::1]:8000", Address("::1", 8000)),
        ("ann@[2001:db8::1]:8000", Address("2001:db8::1", 8000, "ann")),
        ("a@b@chat.example", Address("chat.example", PORT, "a@b")),
    ],
)
def test_where_is_read_as_people_write_it(where: str, read: Address) -> None:
    assert address(where) == read


@pytest.mark.parametrize(
    ("where", "why"),
    [
        ("", "names no host"),
        ("ann@", "names no host"),
        (":8000", "names no host"),
        ("[]:8000", "names no host"),
        ("chat.example:", "names no port"),
        ("[::1]:", "names no port"),
        ("[::1", "is no address"),
        ("[::1]8000", "is no address"),
        ("chat.example:0", "0 is no port"),
        ("chat.example:65536", "65536 is no port"),
        ("chat.example:http", "http is no port"),
        ("chat.example:-1", "-1 is no port"),
        ("[::1]:x", "x is no port"),
        ("http://chat.example/", "that is a URL: write chat.example"),
        ("chat://", "that is a URL: write HOST:PORT"),
    ],
)
def test_what_names_no_place_is_refused(where: str, why: str) -> None:
    with pytest.raises(WrongUse, match=why):
        address(where)


@pytest.mark.parametrize("where", ["ann:secret@chat.example", "chat://ann:secret@chat.example:1"])
def test_a_password_is_refused_and_not_repeated(where: str) -> None:
    with pytest.raises(WrongUse) as refused:
        address(where)
    assert str(refused.value) == NO_PASSWORD


@pytest.mark.parametrize("where", ["chat.example:8000", "[::1]:8000", "192.0.2.7:9999"])
def test_an_address_is_shown_as_it_could_be_typed(where: str) -> None:
    assert str(address(where)) == where
    assert address(str(address(where))) == address(where)
