"""Play one seed and say what came of it: `python -m tests.simulation 7 --trace trace.txt`."""

import argparse
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.simulation.story import play
from tests.support.memory import memory_folder


def main() -> int:
    """0: all invariants hold; 1: they do not."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("seeds", type=int, nargs="+", metavar="SEED", help="whole numbers, any")
    parser.add_argument("--trace", type=Path, help="write every frame, commit, cut and kill there")
    parser.add_argument("--keep", type=Path, help="leave the server's files of each of its lives there")
    asked = parser.parse_args()
    is_broken = False
    for seed in asked.seeds:
        began = time.perf_counter()
        with TemporaryDirectory(dir=memory_folder()) as folder:
            outcome = play(seed, asked.keep / str(seed) if asked.keep is not None else Path(folder))
        took_s = time.perf_counter() - began
        print(
            f"seed {seed}: {outcome.cuts} cuts, {outcome.kills} kills, {len(outcome.books.charges)} charges, "
            f"{outcome.trace.count(chr(10))} lines of trace, {took_s:.1f} s"
        )
        for problem in outcome.broken:
            print(f"  {problem}")
        is_broken |= bool(outcome.broken)
        if asked.trace is not None:
            asked.trace.write_text(outcome.trace, encoding="utf-8")
    return int(is_broken)


if __name__ == "__main__":
    sys.exit(main())
