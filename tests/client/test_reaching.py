"""Why there is no connection, in few words."""

import pytest
from twisted.internet.error import ConnectionRefusedError, DNSLookupError, TimeoutError

from twisted_chat.client.reaching import NotTrusted, reason


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ConnectionRefusedError(), "nothing listens there"),
        (DNSLookupError("no such host"), "there is no host of that name"),
        (TimeoutError(), "no answer"),
        (OSError(113, "No route to host"), "No route to host"),
        (ValueError("what is that"), "what is that"),
        (ValueError(), "ValueError"),
        (NotTrusted("another key"), "another key"),
    ],
)
def test_it_is_told_in_few_words(error: Exception, words: str) -> None:
    assert reason(error) == words
