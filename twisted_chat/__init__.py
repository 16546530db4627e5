"""A chat daemon for people who live in terminals and run their own server."""

__version__ = "0.1.0"
