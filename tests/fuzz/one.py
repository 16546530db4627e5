"""One reader under atheris, in a process of its own: ``python -m tests.fuzz.one READER FLAGS``."""

import importlib
import sys


def main() -> None:
    import atheris

    name, *flags = sys.argv[1:]
    with atheris.instrument_imports(include=["twisted_chat"]):
        reader = importlib.import_module(f"tests.fuzz.readers.{name}")
    atheris.Setup([sys.argv[0], *flags], reader.read)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
