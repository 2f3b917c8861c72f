"""Figures of several rounds as `median [min-max]`, and rows of them as a Markdown table."""

from collections.abc import Iterable, Sequence
from statistics import median


def spread(values: Iterable[float | None], digits: int = 0) -> str:
    known = [value for value in values if value is not None]
    if not known:
        return "-"
    middle, low, high = (f"{f(known):,.{digits}f}" for f in (median, min, max))
    return middle if len(known) == 1 else f"{middle} [{low}-{high}]"


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    """Round by round: what disturbed one round disturbed both of its runs."""
    return [mine / peer for mine, peer in zip(ours, theirs, strict=True)]


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
