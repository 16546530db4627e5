"""``python -m tests.pictures``: the pictures of the README, of real conversations with our own
client, drawn from what a model of a terminal has on its screen."""
