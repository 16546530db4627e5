"""What stands above the line being typed."""

from twisted_chat.client.above import SHOWN, above, undecided
from twisted_chat.client.screen import Kind, Line
from twisted_chat.client.sending import Send, SendState, Speech
from twisted_chat.core.requests import Act, Say, Tell


def shown(*sends: Send, comings: tuple[Line, ...] = ()) -> str:
    return "".join(text for _, text in above(comings, sends, "ann", "#lobby"))


def test_ones_own_line_stands_there_as_it_will() -> None:
    said = Say("hi"), Say("hi", "#lab"), Act("waves"), Act("waves", "#lab")
    sent: list[Speech] = [*said, Tell("bob", "psst")]
    lines = shown(*(Send(request, "1", SendState.SENT) for request in sent))
    assert lines.split("\n") == [
        "      ann: hi",
        "      #lab ann: hi",
        "      * ann waves",
        "      #lab * ann waves",
        "      [to bob] psst",
        "",
    ]


def test_it_says_that_it_waits_or_was_not_said() -> None:
    assert "ann: hi  (waits" in shown(Send(Say("hi"), "1"))
    refused = Send(Say("hi"), "1", SendState.REFUSED, why="You are muted.")
    assert "ann: hi  not sent; Alt-S sends it again, Alt-X drops it" in shown(refused)
    assert "perhaps not sent" in shown(Send(Say("hi"), "1", SendState.UNSURE))


def test_of_many_the_last_are_shown() -> None:
    lines = shown(*(Send(Say(f"line {number}"), "1") for number in range(SHOWN + 3)))
    assert lines.startswith("      -- 3 more lines of yours wait\n      ann: line 3 ")


def test_a_long_text_is_told_and_not_shown() -> None:
    assert "ann: one (and 2 more lines)" in shown(Send(Say("one\ntwo\nthree"), "1"))
    assert len(shown(Send(Say("x" * 5000), "1"))) < 300


def test_who_comes_stands_above_that() -> None:
    joined = Line("-- bob joined\x07", Kind.CAME, name="bob", room="#lobby")
    assert shown(comings=(joined,)) == "      -- bob joined\n"


def test_the_first_that_is_undecided() -> None:
    waiting, refused = Send(Say("a"), "1"), Send(Say("b"), "2", SendState.REFUSED)
    assert undecided([waiting, refused]) is refused
    assert undecided([waiting]) is None
