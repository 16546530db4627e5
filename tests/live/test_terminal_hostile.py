"""Nothing that a server sends drives the terminal of our own client, wherever it stands."""

import re
from pathlib import Path

from tests.live.hostile import hostile_server
from tests.live.screens import CLIENT, at_terminal

OURS = re.compile(
    r"\x1b\[[0-9;]*m"  # colours
    r"|\x1b\[[0-9]*[ABCDJK]"  # the cursor moves, and what is behind it is erased
    r"|\x1b\[\?(?:1|7|12|25|1004|2004|2026)[hl]"  # modes: none of them the other screen
    r"|\x1b\[2[23];0t"  # the title is put aside, and comes back
    r"|\x1b\](?:2;|9;chat: )[^\x00-\x1f\x7f-\x9f]*\x1b\\"  # a title, a notice
)


def test_only_sequences_of_our_own_reach_the_terminal(tmp_path: Path) -> None:
    with (
        hostile_server() as port,
        at_terminal([*CLIENT, f"ann@127.0.0.1:{port}"], tmp_path) as ann,
    ):
        ann.sees("bob: the end")
        ann.sees_bar("topic .*#elsewhere 1")
        ann.press("b\t")
        ann.sees("^> bob:")
        ann.press("\x15#\t")
        ann.sees("^> #lobby\n #lobby *\n #elsewhere\n")
        ann.press("\x15")
        ann.types("is anybody here?")
        ann.sees("^-- no$|not sent: no")
        ann.press("\x04")
        assert ann.ends() == 0
    rest = OURS.sub("", ann.raw.decode()).replace("\r", "").replace("\n", "").replace("\a", "")
    assert rest.isprintable(), re.findall(r".{20}[^\x20-\x7e\u2500-\u257f].{20}", rest)
    assert "OWNED" not in ann.raw.decode()
    assert ann.title in ("#lobby", "(1) #lobby")


def test_a_plain_terminal_gets_none_at_all(tmp_path: Path) -> None:
    with (
        hostile_server() as port,
        at_terminal([*CLIENT, "--plain", f"ann@127.0.0.1:{port}"], tmp_path) as ann,
    ):
        ann.sees("bob: the end")
        ann.types("exit")
        assert ann.ends() == 0
    assert 1 <= ann.raw.count(b"\a") <= 2, "it rings for a line that names her, and is ours"
    assert ann.raw.decode().replace("\r\n", "").replace("\a", "").isprintable()
