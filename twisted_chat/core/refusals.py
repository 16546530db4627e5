"""Every "no" that the chat says: a stable code for programs, and a sentence for people.

A sentence says what is wrong and what to do instead. The codes are part of docs/protocol.md.
"""


class Refusal(Exception):
    """What was asked is not done. Nothing of anybody else is touched by it.

    ``tag``: of the request, where a program gave one and it could be read.
    """

    tag: str | int | None = None

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


_ALLOWED = "A name has 1 to 32 letters, digits, dots, dashes or underscores, of one script"


def name_empty() -> Refusal:
    return Refusal("name-empty", f"A name is needed. {_ALLOWED}. What's your name?")


def name_too_long(length: int, longest: int) -> Refusal:
    return Refusal(
        "name-too-long",
        f"That name has {length} characters, the limit is {longest}. Please choose a shorter one.",
    )


def name_not_legal(why: str) -> Refusal:
    return Refusal("name-not-legal", f"That is not a legal name: {why}. {_ALLOWED}.")


def name_reserved(name: str) -> Refusal:
    return Refusal(
        "name-reserved", f"The name {name} is kept for the chat itself. Please choose another."
    )


def name_taken(name: str, suggestion: str) -> Refusal:
    return Refusal(
        "name-taken",
        f"The name {name} is taken by somebody who is here. {suggestion} is free, for example.",
    )


def already_that_name(name: str) -> Refusal:
    return Refusal("name-unchanged", f"You are {name} already.")


def operator_is_server() -> Refusal:
    return Refusal("name-reserved", "The operator's name is Server.")


def chat_full(here: int, limit: int) -> Refusal:
    return Refusal("chat-full", f"The chat is full ({here} of {limit}). Please try again later.")


def consoles_taken(limit: int) -> Refusal:
    return Refusal(
        "chat-full", f"There are {limit} operators here, which is the limit. Leave one console."
    )


def not_the_chats_user() -> Refusal:
    return Refusal(
        "not-allowed",
        "This console is for root and the user that the chat runs as. Come as one of them.",
    )


def no_name_in_time(seconds: str) -> Refusal:
    return Refusal("no-name", f"No name was given within {seconds}. Connect again when you like.")


def not_here(name: str) -> Refusal:
    return Refusal("not-here", f"{name} is not here. /names shows who is.")


def told_oneself() -> Refusal:
    return Refusal("to-oneself", "That is you. /msg NAME TEXT tells it to somebody else.")


def nobody_to_reply_to() -> Refusal:
    return Refusal("nobody-wrote", "Nobody has written to you yet. /msg NAME TEXT writes first.")


def not_allowed(who_may: str) -> Refusal:
    return Refusal("not-allowed", f"Only {who_may} may do that. /help shows what you may do.")


def not_entered() -> Refusal:
    return Refusal("no-name", "Give your name first.")


def entered_already(name: str) -> Refusal:
    return Refusal("entered-already", f"You are here already, as {name}. /nick takes another name.")


def no_such_command(typed: str, nearest: str | None) -> Refusal:
    hint = f"Did you mean /{nearest}? " if nearest else ""
    return Refusal("no-such-command", f"There is no /{typed}. {hint}/help shows what there is.")


def ambiguous_command(typed: str, fits: list[str]) -> Refusal:
    several = ", ".join(f"/{name}" for name in fits)
    return Refusal("ambiguous-command", f"/{typed} could be {several}. Please type more of it.")


def usage(line: str) -> Refusal:
    return Refusal("usage", f"That is not complete. Type: {line}")


def line_too_long(limit: int) -> Refusal:
    return Refusal("line-too-long", f"not sent: that line has more than {limit} bytes")


def line_cut_off() -> Refusal:
    return Refusal("line-cut-off", "not sent: the last line had no end")


def not_utf8() -> Refusal:
    return Refusal(
        "not-utf8", "not sent: that line is not UTF-8. Set your terminal to UTF-8 and try again."
    )


def not_json(why: str) -> Refusal:
    return Refusal("not-json", f"not done: {why}. One JSON object a line, please.")


def bad_request(why: str) -> Refusal:
    return Refusal("bad-request", f"not done: {why}.")


def not_kept() -> Refusal:
    return Refusal("not-kept", "not sent: the chat cannot keep it just now. Please try again.")


def nothing_kept() -> Refusal:
    return Refusal("nothing-kept", "What is said here is not kept, so there is nothing to look at.")


def nothing_of_others() -> Refusal:
    return Refusal(
        "nothing-kept",
        "Everyone here talks to the server alone, so there is nothing of others to look at.",
    )


def no_such_room(room: str) -> Refusal:
    return Refusal("no-such-room", f"You are not in {room}. You are in #lobby.")


def never_here() -> Refusal:
    return Refusal("nothing-missed", "You missed nothing. /history shows what was said.")


def no_more() -> Refusal:
    return Refusal("no-more", "There is nothing more to show. /history shows the last lines.")


def cannot_read() -> Refusal:
    return Refusal("not-read", "What was said cannot be read just now. Please try again.")


def search_too_long() -> Refusal:
    return Refusal(
        "search-too-long",
        "That takes too long. Add a rarer word, since:7d, or from:NAME to narrow it.",
    )


def too_many_words(most: int) -> Refusal:
    return Refusal("search-too-long", f"A search has at most {most} words. Take the rarest ones.")


def not_a_count(typed: str) -> Refusal:
    return Refusal(
        "bad-duration",
        f"{typed[:32]} is no number of lines, and no time. Type 50, 1h, 2d or today.",
    )


def bad_duration(text: str) -> Refusal:
    return Refusal("bad-duration", f"{text} is no duration. Type 30, 90s, 10m, 1h30m or 7d.")


def ask_plainly(typed: str) -> Refusal:
    return Refusal(
        "ask-plainly",
        f"Not said, not done: type /shutdown [DELAY [REASON]] to stop the chat, or /say {typed}",
    )


def nothing_to_cancel() -> Refusal:
    return Refusal("nothing-to-cancel", "No shutdown is under way.")


def password_too_short(least: int) -> Refusal:
    return Refusal(
        "password-too-short",
        f"A password has at least {least} characters. A few words that nobody else would put "
        "together are good.",
    )


def password_too_long(most: int) -> Refusal:
    return Refusal(
        "password-too-long", f"A password has at most {most} characters. Please take a shorter one."
    )


def password_not_legal() -> Refusal:
    return Refusal(
        "password-not-legal",
        "That has a character that passwords cannot have. Letters, digits, signs and spaces of "
        "any script can be in one.",
    )


def password_is_name() -> Refusal:
    return Refusal("password-is-name", "That is the name itself. Please choose another password.")


def wrong_password() -> Refusal:
    return Refusal("wrong-password", "That is not right. Please try again, or take another name.")


def too_many_attempts(wait: str) -> Refusal:
    return Refusal("too-many-attempts", f"Too many wrong passwords. Please try again in {wait}.")


def cannot_check() -> Refusal:
    return Refusal("not-checked", "Passwords cannot be checked just now. Please try again later.")


def busy() -> Refusal:
    return Refusal("busy", "Too many come at the same time. Please try again in a moment.")
