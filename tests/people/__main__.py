"""``python -m tests.people --examples 20000``: many plays, half of them with a late store."""

import argparse
import time

from tests.people.plays import played


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.people")
    parser.add_argument("--examples", type=int, default=2000)
    parser.add_argument("--store", choices=("forgetful", "late", "both"), default="both")
    asked = parser.parse_args()
    stores = ("forgetful", "late") if asked.store == "both" else (asked.store,)
    for store in stores:
        began = time.monotonic()
        examples = asked.examples // len(stores)
        played(store == "late", examples)
        took = time.monotonic() - began
        print(f"{examples} plays with a {store} store in {took:.0f} s: nothing wrong", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
