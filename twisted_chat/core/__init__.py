"""The law of the chat: who may, and what then happens.

Values in, values out. Nothing here knows Twisted, a clock, a socket, a file or a log.
"""
