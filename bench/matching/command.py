"""`bench match`: our matching and its ablations beside what one would otherwise take.

Every contender ranks the same messages in one run: the shop's own, and the sets in folders. With
--scale: time and memory at 1,000, 10,000 and 100,000 generated entries instead.
"""

import argparse
from collections.abc import Iterable
from pathlib import Path

from bench.machine import description
from bench.matching import quality, scale, sets
from bench.matching.contenders import ALL
from bench.matching.sets import QuestionSet

PACKAGES = ("numpy", "rapidfuzz", "rjieba", "tantivy")


def main(argv: list[str]) -> int:
    options = parser().parse_args(argv)
    print(description(PACKAGES), flush=True)
    if options.scale:
        print(f"\n{scale.report(options.sizes)}")
        return 0
    folders = options.set if options.set is not None else sets.beside()
    chosen = [] if options.own else folders
    names = ", ".join(["the shop's own", *(folder.name for folder in chosen)])
    print(f"seed {options.seed}, at most {options.queries} messages a part; sets: {names}")
    for questions in question_sets(chosen, most=options.queries, seed=options.seed):
        for table in quality.reports(questions, ALL):
            print(f"\n{table}", flush=True)
    return 0


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bench match", description=__doc__)
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--set",
        action="append",
        type=Path,
        metavar="FOLDER",
        help="a folder with kb.jsonl and queries.jsonl; may be repeated "
        "(default: those in ../shared/data beside the clone, where there are any)",
    )
    which.add_argument("--own", action="store_true", help="the shop's own messages alone")
    which.add_argument("--scale", action="store_true", help="time and memory by size")
    parser.add_argument("--queries", type=int, default=500, metavar="N", help="at most, of a part")
    parser.add_argument("--seed", type=int, default=7, help="which ones, where there are more")
    parser.add_argument("--sizes", type=int, nargs="+", default=scale.SIZES, metavar="ENTRIES")
    return parser


def question_sets(folders: Iterable[Path], *, most: int, seed: int) -> Iterable[QuestionSet]:
    yield sets.own(most=most, seed=seed)
    for folder in folders:
        yield sets.folder(folder, most=most, seed=seed)
