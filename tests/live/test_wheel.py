"""The package as people get it: built, installed in a clean environment, and taken out again."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from manual.__main__ import BASH, MAN, ZSH

ROOT = Path(__file__).parents[2]


class Environment:
    """A virtual environment with nothing in it but what pip puts there."""

    def __init__(self, folder: Path) -> None:
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        self.bin = folder / "bin"
        self.elsewhere = folder / "elsewhere"
        self.elsewhere.mkdir()

    def run(self, *argv: str) -> str:
        """Run a program of it, from a folder that is not the project's."""
        done = subprocess.run(
            [str(self.bin / argv[0]), *argv[1:]],
            cwd=self.elsewhere,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    def pip(self, *argv: str) -> str:
        return self.run("python", "-m", "pip", "--disable-pip-version-check", *argv)

    def files(self) -> set[str]:
        """What is there of ours: no byte code, and not what Twisted caches of its plugins."""
        found = self.bin.parent.rglob("*")
        kept = (path for path in found if path.suffix != ".pyc" and path.name != "dropin.cache")
        return {
            str(path) for path in kept if "twisted_chat" in str(path) or "twisted-chat" in str(path)
        }

    def has(self, name: str) -> bool:
        return (self.bin.parent / name).exists()

    def twistd_knows_the_chat(self) -> bool:
        return "\n    chat " in self.run("twistd", "--help")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    argv = [sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode == 0, done.stdout
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    return Environment(tmp_path_factory.mktemp("clean") / "venv")


def test_the_wheel_holds_one_file_under_twisted(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert [name for name in names if name.startswith("twisted/")] == [
        "twisted/plugins/twisted_chat_plugin.py"
    ]
    assert "twisted_chat/py.typed" in names
    assert not [name for name in names if name.startswith(("tests/", "benchmarks/", "manual/"))]


def test_the_wheel_brings_the_man_page_and_the_completions(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    shared = sorted(name.partition(".data/data/")[2] for name in names if "/share/" in name)
    assert shared == [f"share/{name}" for name in sorted((MAN, BASH, ZSH))]


@pytest.mark.parametrize("way", ["wheel", "folder", "editable"])
def test_it_is_there_however_it_was_installed_and_nothing_is_after_uninstalling(
    way: str, wheel: Path, environment: Environment
) -> None:
    ways = {"wheel": [str(wheel)], "folder": [str(ROOT)], "editable": ["-e", str(ROOT)]}
    environment.pip("install", *ways[way])
    assert environment.twistd_knows_the_chat()
    assert "HOST" in environment.run("twisted-chat", "--help")
    if way != "editable":
        assert all(environment.has(f"share/{name}") for name in (MAN, BASH, ZSH))
    assert "COMMAND" in environment.run("twisted-chat-admin", "--help")
    environment.pip("uninstall", "-y", "twisted_chat")
    assert environment.files() == set()
    assert not environment.twistd_knows_the_chat()
