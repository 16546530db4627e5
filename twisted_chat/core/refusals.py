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


def name_too_wide(columns: int, most: int) -> Refusal:
    return Refusal(
        "name-too-long",
        f"That name takes {columns} columns of a terminal, the limit is {most}. Please choose a "
        "shorter one.",
    )


def name_not_legal(why: str) -> Refusal:
    return Refusal("name-not-legal", f"That is not a legal name: {why}. {_ALLOWED}.")


def name_reserved(name: str) -> Refusal:
    return Refusal(
        "name-reserved", f"The name {name} is kept for the chat itself. Please choose another."
    )


def name_imitates(name: str) -> Refusal:
    return Refusal(
        "name-reserved",
        f"The name {name} looks like one that is kept for the chat itself. Please choose another.",
    )


def name_alike(name: str, like: str | None, suggestion: str) -> Refusal:
    whose = f"that of {like}, who is here" if like else "that of somebody else"
    return Refusal(
        "name-alike",
        f"The name {name} looks too much like {whose}. {suggestion} is free, for example.",
    )


def name_taken(name: str, suggestion: str) -> Refusal:
    return Refusal(
        "name-taken",
        f"The name {name} is taken by somebody who is here. {suggestion} is free, for example. "
        "If that is your own connection that was lost, ask again in five seconds.",
    )


def already_that_name(name: str) -> Refusal:
    return Refusal("name-unchanged", f"You are {name} already.")


def operator_is_server() -> Refusal:
    return Refusal("name-reserved", "The operator's name is Server.")


def console_is_nobody() -> Refusal:
    return Refusal("not-allowed", "A console is nobody: come in by a name to do that.")


def too_many_registrations(wait: str) -> Refusal:
    return Refusal(
        "too-many-attempts",
        f"Too many names were registered from there. Please try again in {wait}.",
    )


def chat_full(here: int, limit: int) -> Refusal:
    return Refusal("chat-full", f"The chat is full ({here} of {limit}). Please try again later.")


def too_many_from_there(here: int) -> Refusal:
    return Refusal(
        "too-many-connections",
        f"There are {here} connections from your address, which is the limit. Close one of them, "
        "or try again later.",
    )


def too_many_nameless(waiting: int) -> Refusal:
    return Refusal(
        "too-many-connections",
        f"{waiting} connections from your address have given no name yet, which is the limit. "
        "Close one of them, or try again in a minute.",
    )


def connecting_too_fast(wait: str) -> Refusal:
    return Refusal(
        "connecting-too-fast",
        f"Too many connections came from your address. Please try again in {wait}.",
    )


def crowded_out() -> Refusal:
    return Refusal(
        "no-name", "Others wait to come in, and you gave no name. Connect again when you like."
    )


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


def another_has_that_name(name: str) -> Refusal:
    return Refusal(
        "not-here",
        f"not sent: the {name} you talked to is gone, and somebody else has that name now. "
        f"/query {name} talks to them, /query alone to the room.",
    )


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


def utf16() -> Refusal:
    return Refusal(
        "not-utf8",
        "not sent: that line is UTF-16, and the chat reads UTF-8. In PowerShell this changes it: "
        "$OutputEncoding = [Text.UTF8Encoding]::new()",
    )


def not_text(what: str) -> Refusal:
    return Refusal(
        "not-text",
        f"not sent: that line has {what}. Please send it again without that.",
    )


def not_json(why: str) -> Refusal:
    return Refusal("not-json", f"not done: {why}. One JSON object a line, please.")


def bad_request(why: str) -> Refusal:
    return Refusal("bad-request", f"not done: {why}.")


def not_kept() -> Refusal:
    return Refusal("not-kept", "not sent: the chat cannot keep it just now. Please try again.")


def said_already() -> Refusal:
    return Refusal("said-already", "not sent again: it was said already, over another connection.")


def nothing_kept() -> Refusal:
    return Refusal("nothing-kept", "What is said here is not kept, so there is nothing to look at.")


def nothing_of_others() -> Refusal:
    return Refusal(
        "nothing-kept",
        "Everyone here talks to the server alone, so there is nothing of others to look at.",
    )


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


def not_to_keep(typed: str) -> Refusal:
    return Refusal(
        "bad-duration",
        f"{typed[:32]} is no time and no number of lines. Type 30d, 10000 or forever.",
    )


def no_unit(text: str) -> Refusal:
    return Refusal("bad-duration", f"{text} of what? Type {text}s, 10m, 1h30m, 7d or forever.")


def ask_plainly(typed: str) -> Refusal:
    return Refusal(
        "ask-plainly",
        f"Not said, not done: type /shutdown [DELAY [REASON]] to stop the chat, or /say {typed}",
    )


def not_reread(why: str) -> Refusal:
    return Refusal("not-reread", f"Nothing is changed: {why}.")


def nothing_to_cancel() -> Refusal:
    return Refusal("nothing-to-cancel", "No shutdown is under way.")


def room_not_legal(room: str, longest: int) -> Refusal:
    return Refusal(
        "room-not-legal",
        f"{room or 'That'} is no name of a room: # and 1 to {longest} letters, digits, dots, "
        "dashes or underscores, of one script, as in #lab.",
    )


def no_such_room(room: str) -> Refusal:
    return Refusal("no-such-room", f"There is no {room} that you can enter. /list shows the rooms.")


def may_not_join(room: str) -> Refusal:
    return no_such_room(room)


def not_in_room(room: str) -> Refusal:
    return Refusal(
        "not-in-room",
        f"You are not in {room}. /join {room} enters it; with a space before it, # is just said.",
    )


def in_no_room() -> Refusal:
    return Refusal("not-in-room", "You are in no room. /join #ROOM enters one.")


def last_room(room: str) -> Refusal:
    return Refusal(
        "last-room",
        f"You are in no other room than {room}. exit leaves the chat; /join enters others.",
    )


def alone() -> Refusal:
    return Refusal("alone", "Everyone here talks to the server alone: there are no rooms.")


def in_too_many(most: int) -> Refusal:
    return Refusal("too-many-rooms", f"You are in {most} rooms already. /leave one of them first.")


def owns_too_many(most: int) -> Refusal:
    return Refusal(
        "too-many-rooms",
        f"You own {most} rooms already. /room delete or transfer one of them first.",
    )


def owns_too_many_rooms(name: str, most: int) -> Refusal:
    return Refusal("too-many-rooms", f"{name} owns {most} rooms already, and can own no more.")


def too_many_rooms() -> Refusal:
    return Refusal(
        "too-many-rooms", "There are as many rooms as this chat can have. /list shows them."
    )


def too_many_rooms_from_there(most: int) -> Refusal:
    return Refusal(
        "too-many-rooms",
        f"Guests from your address have opened {most} rooms already, which is the limit. /list "
        "shows the rooms; who owns her name may open others.",
    )


def room_alike(room: str, like: str) -> Refusal:
    return Refusal(
        "room-alike",
        f"The name {room} looks too much like {like}. /join {like} enters that; for a room of your "
        "own please choose another name.",
    )


def room_taken(room: str) -> Refusal:
    return Refusal("room-taken", f"The name {room} is taken. Please choose another.")


def topic_too_long(longest: int) -> Refusal:
    return Refusal(
        "topic-too-long", f"A topic has at most {longest} characters. Please shorten it."
    )


def in_room_already(name: str, room: str) -> Refusal:
    return Refusal("in-room-already", f"{name} is in {room} already.")


def lobby_is_open() -> Refusal:
    return Refusal(
        "lobby", "#lobby is open to all who may come in. --members-only and /allowlist say who may."
    )


def lobby_stays() -> Refusal:
    return Refusal("lobby", "#lobby belongs to the chat: it keeps its name and has no owner.")


def nobody_called(name: str) -> Refusal:
    return Refusal("nobody-called", f"Nobody is called {name[:64]}. /who shows who is here.")


def not_away() -> Refusal:
    return Refusal("not-away", "You are not away. /away [TEXT] says that you are.")


def ignored_oneself() -> Refusal:
    return Refusal("to-oneself", "That is you. /ignore NAME is for somebody else.")


def not_ignored(name: str) -> Refusal:
    return Refusal("not-ignored", f"You do not ignore {name[:64]}. /ignore shows whom you do.")


def too_many_ignored(most: int) -> Refusal:
    return Refusal("too-many-ignored", f"You ignore {most} people already. /unignore one of them.")


def no_paste(number: str) -> Refusal:
    return Refusal("no-paste", f"There is no paste {number} in a room where you are.")


def no_id(typed: str) -> Refusal:
    return Refusal("no-id", f"{typed} is no id. /redact last, or an id that /history 20 ids shows.")


def not_redactable() -> Refusal:
    return Refusal("not-redactable", "Only what was said in a room can be taken away.")


def not_yours() -> Refusal:
    return Refusal(
        "not-allowed",
        "That was said by somebody else: only the owner of the room may take it away.",
    )


def too_late(limit: str) -> Refusal:
    return Refusal(
        "too-late", f"That was said more than {limit} ago: the owner of the room may take it away."
    )


def name_owned(name: str, suggestion: str) -> Refusal:
    return Refusal(
        "name-owned",
        f"The name {name} is owned by somebody: come in with its password. "
        f"{suggestion} is free, for example.",
    )


def password_needed(name: str) -> Refusal:
    return Refusal(
        "password-needed",
        f"The name {name} is owned. What is its password?",
    )


def password_or_guest(name: str) -> Refusal:
    return Refusal(
        "password-or-guest", f"What is the password of {name}? An empty line comes in as a guest."
    )


def house_password_needed() -> Refusal:
    return Refusal("house-password-needed", "This chat has a password. What is it?")


def owned_already(name: str) -> Refusal:
    return Refusal(
        "owned-already", f"The name {name} is owned already. /passwd changes its password."
    )


def owns_no_name(name: str) -> Refusal:
    return Refusal("owns-no-name", f"Nobody owns the name {name[:64]}. /register does that.")


def owns_this_name(name: str) -> Refusal:
    return Refusal(
        "owns-this-name",
        f"You own the name {name}, and are {name} on all devices. Come in anew to take another.",
    )


def password_in_line(command: str) -> Refusal:
    return Refusal(
        "password-in-line",
        f"Not said, not done: a password never stands in a line. Type /{command} alone, and you "
        "are asked for it. If that was a password, others behind you may have read it: take "
        "another. /say says the line if it was none.",
    )


def members_only() -> Refusal:
    return Refusal("members-only", "Only those come in here who own their names.")


def locked_down() -> Refusal:
    return Refusal(
        "locked-down",
        "The chat is locked down just now: nobody new comes in, and nothing new is made.",
    )


def not_on_allowlist() -> Refusal:
    return Refusal("not-on-allowlist", "Only those come in here who are on the operator's list.")


def banned(where: str, how_long: str, by: str, reason: str) -> Refusal:
    return Refusal("banned", f"You are banned{where} {_term(how_long)} by {by}{_because(reason)}")


def muted(where: str, how_long: str, by: str, reason: str) -> Refusal:
    return Refusal(
        "muted", f"not sent: you are muted{where} {_term(how_long)} by {by}{_because(reason)}"
    )


def _term(how_long: str) -> str:
    return how_long if how_long == "forever" else f"for {how_long}"


def _because(reason: str) -> str:
    return f": {reason}" if reason else "."


def too_fast(pause: str, wait: str) -> Refusal:
    return Refusal(
        "too-fast", f"not sent: one line every {pause} here. Please send it again in {wait}."
    )


def slowed_down(pause: str, how_long: str) -> Refusal:
    return Refusal(
        "too-fast",
        f"not sent: that is too much of the same. For {how_long}, one line every {pause}.",
    )


def no_target(typed: str) -> Refusal:
    return Refusal(
        "no-target", f"{typed} is no target. Type a name, ip:192.0.2.7 or net:192.0.2.0/24."
    )


def no_sanction(target: str, kind: str) -> Refusal:
    done = "muted" if kind == "mute" else "banned"
    return Refusal("no-sanction", f"{target} is not {done} there. /bans shows who is.")


def too_many_sanctions(most: int) -> Refusal:
    return Refusal("too-many-sanctions", f"{most} bans and mutes hold already. /unban some first.")


def too_high(name: str) -> Refusal:
    return Refusal("not-allowed", f"{name} has as much power there as you have.")


def hits_oneself() -> Refusal:
    return Refusal("hits-yourself", "Not done: that would hit yourself. --yes before it does it.")


def hits_loopback() -> Refusal:
    return Refusal(
        "hits-loopback",
        "Not done: that would hit this machine itself, and who comes through a proxy on it. --yes "
        "before it does it.",
    )


def hits_many(count: int, people: tuple[str, ...]) -> Refusal:
    named = f": {', '.join(people)}" if people else ""
    return Refusal(
        "hits-many",
        f"Not done: {count} people who have done nothing are there{named}. --yes before it does "
        "it.",
    )


def host_already(name: str) -> Refusal:
    return Refusal("host-already", f"{name} is that already.")


def no_host(name: str) -> Refusal:
    return Refusal("no-host", f"{name[:64]} is no operator there.")


def allowlist_empty() -> Refusal:
    return Refusal(
        "allowlist-empty", "Not done: no name is on the list. /allowlist add NAME comes first."
    )


def allowlist_full(most: int) -> Refusal:
    return Refusal("allowlist-full", f"The list has {most} lines already.")


def not_listed(target: str) -> Refusal:
    return Refusal("not-listed", f"{target} is not on the list. /allowlist list shows it.")


def no_act(number: str) -> Refusal:
    return Refusal("no-act", f"There is no act {number}. /audit shows the last ones.")


def undone_already(by: str) -> Refusal:
    return Refusal("undone-already", f"That was undone already, by {by}.")


def cannot_undo(verb: str) -> Refusal:
    return Refusal("cannot-undo", f"A {verb} cannot be taken back.")


def changed_since() -> Refusal:
    return Refusal("changed-since", "That was changed again since. /audit shows by which act.")


def not_remembered() -> Refusal:
    return Refusal(
        "not-kept",
        "That holds, but cannot be kept just now: it is tried again, and a restart before that "
        "forgets it.",
    )


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
    return Refusal("wrong-password", "That is not the password. Please try again.")


def too_many_attempts(wait: str) -> Refusal:
    return Refusal("too-many-attempts", f"Too many wrong passwords. Please try again in {wait}.")


def cannot_check() -> Refusal:
    return Refusal("not-checked", "Passwords cannot be checked just now. Please try again later.")


def busy() -> Refusal:
    return Refusal("busy", "Too many come at the same time. Please try again in a moment.")


def passwords_differ() -> Refusal:
    return Refusal("passwords-differ", "The two are not the same. Nothing was changed: try again.")


def another_name() -> Refusal:
    return Refusal("no-name", "Then by another name.")


def nothing_changed() -> Refusal:
    return Refusal("nothing-changed", "Nothing was changed.")
