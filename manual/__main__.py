"""``python -m manual``"""

from pathlib import Path

from manual import bash, man, zsh

ROOT = Path(__file__).parents[1]
SHARE = ROOT / "share"
MAN = "man/man1/twisted-chat.1"
BASH = "bash-completion/completions/twisted-chat"
ZSH = "zsh/site-functions/_twisted-chat"


def made() -> dict[str, str]:
    """Each file under ``share/``, and what is in it."""
    page = (ROOT / "docs" / "client.md").read_text("utf-8")
    return {MAN: man.page(page), BASH: bash.completion(), ZSH: zsh.completion()}


def main() -> None:
    for name, text in made().items():
        path = SHARE / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
