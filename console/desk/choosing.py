"""Which rows of a file are to be imported, as somebody ticked them: `1-40,57,60-`, or all."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from console.model.refusal import Refused
from knowledge.incoming import Choice
from knowledge.outcomes import Sifted

_PART = re.compile(r"(\d{1,9})(?:(-)(\d{1,9})?)?")
LAST = 10**9
MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Rows:
    """Numbers of rows; a range may hold numbers that no row has, a number by itself may not."""

    name: str
    single: frozenset[int]
    ranges: tuple[tuple[int, int], ...]

    @classmethod
    def parse(cls, name: str, text: str) -> "Rows":
        """Raises Refused("invalid") with the part at fault; `name` is the parameter's."""
        single, ranges = set(), []
        for part in filter(None, (one.strip() for one in text.split(","))):
            found = _PART.fullmatch(part)
            if found is None:
                raise Refused("invalid", f"`{name}`: {part[:40]} is no row: write 1-40,57,60-")
            first, dash, last = found.groups()
            if dash is None:
                single.add(int(first))
            else:
                ranges.append((int(first), LAST if last is None else int(last)))
        return cls(name, frozenset(single), _joined(ranges))

    def of(self, numbers: Iterable[int]) -> frozenset[int]:
        """Those of a file's rows that are chosen. Refused("invalid") names what is no row."""
        known = sorted(numbers)
        found, at = set(), 0
        for number in known:
            while at < len(self.ranges) and self.ranges[at][1] < number:
                at += 1
            if number in self.single or (at < len(self.ranges) and self.ranges[at][0] <= number):
                found.add(number)
        if missing := self.single.difference(known):
            raise Refused("invalid", f"`{self.name}`: the file has no row {listed(missing)}")
        return frozenset(found)


def choice(sifted: Sifted, take: Rows | None, conflicts: Rows | None) -> Choice:
    """What was ticked, of a file. Raises Refused("invalid") for a file that cannot be read, and for
    faulty rows that were not left out."""
    if sifted.refused:
        wrong = [one for one in sifted.of_file if one.severity == "error"][:5]
        said = "; ".join(f"{one.file}:{one.line}: {one.message('en')}" for one in wrong)
        raise Refused("invalid", f"the file cannot be imported: {said}")
    numbers = {row.number for row in sifted.sheet.rows}
    wanted = None if take is None else take.of({*numbers, *sifted.faulty})
    faulty = set(sifted.faulty) if wanted is None else wanted & sifted.faulty.keys()
    if faulty:
        said = f"row {listed(faulty)}: faulty; leave out such rows with `take`"
        raise Refused("invalid", said)
    mine = frozenset() if conflicts is None else conflicts.of({*numbers, *sifted.faulty})
    return Choice(wanted, mine)


def listed(numbers: Iterable[int]) -> str:
    known = sorted(numbers)
    more = f" and {len(known) - MOST_NAMED} more" if len(known) > MOST_NAMED else ""
    return ", ".join(map(str, known[:MOST_NAMED])) + more


def _joined(ranges: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """In order, none touching the next; what ends before it begins is nothing."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted(one for one in ranges if one[0] <= one[1]):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return tuple(joined)
