"""The two ways in which a run gives no figures, each with a sentence for whoever reads on."""


class Wrong(Exception):
    """The server broke a chat's promise: a message was lost, doubled, changed or out of order."""


class Failed(Exception):
    """The run could not be made: the server did not start, cut people off, or let them wait."""
