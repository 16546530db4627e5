"""What is read again in every run of the tests: samples of each reader, and what was found once."""

from pathlib import Path

HERE = Path(__file__).parent
CORPUS = HERE / "samples"
READERS = tuple(sorted(path.name for path in CORPUS.iterdir()))


def samples() -> list[tuple[str, Path]]:
    """Readers, and what each is given."""
    return [(reader, path) for reader in READERS for path in sorted((CORPUS / reader).iterdir())]
