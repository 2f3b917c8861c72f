"""What an entry says itself that needs a hand: few phrasings, what breaks it, its last day."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from knowledge import chinese
from knowledge.checks import FEW_PHRASES, alone
from knowledge.entry import Entry
from knowledge.findings import Finding

# Days left, and days since, in which somebody should look at an entry's last day.
SOON, LATELY = 14, 30
# Of what is found in one entry alone, what makes it fail; the rest is advice.
_BREAKS = frozenset({"unknown_variable", "negative_hits_own"})


@dataclass(frozen=True, slots=True)
class Around:
    """What a shop has that entries refer to: kinds of inboxes, names of groups, ids of entries."""

    channels: Collection[str]
    groups: Collection[str]
    entries: Collection[str] = ()


class Expiring(NamedTuple):
    """`days` are left, 0 on the last day, negative after it."""

    entry: Entry
    last: date
    days: int


def in_use(entry: Entry, today: date) -> bool:
    """Whether it is said today or may be later."""
    return entry.enabled and (entry.valid_to is None or today <= entry.valid_to)


def few_phrases(entries: Sequence[Entry], today: date) -> list[Entry]:
    """Those in use that are hard to match, the hardest first."""
    few = [one for one in entries if in_use(one, today) and len(one.phrases) < FEW_PHRASES]
    return sorted(few, key=lambda one: len(one.phrases))


def broken(
    entries: Sequence[Entry], today: date, around: Around
) -> list[tuple[Entry, list[Finding]]]:
    """Those in use that do not do what their fields say, with the reasons."""
    used = (one for one in entries if in_use(one, today))
    return [(one, found) for one in used if (found := [*_breaks(one, around)])]


def expiring(entries: Sequence[Entry], today: date) -> list[Expiring]:
    """Those whose last day is near, the next first; then those whose last day was, the latest
    first."""
    found = [
        Expiring(one, one.valid_to, (one.valid_to - today).days)
        for one in entries
        if one.enabled and one.valid_to is not None
    ]
    near = [one for one in found if -LATELY <= one.days <= SOON]
    return sorted(near, key=lambda one: (one.days < 0, abs(one.days)))


def _breaks(entry: Entry, around: Around) -> Iterator[Finding]:
    yield from (one for one in alone(entry) if one.code in _BREAKS)
    for n, phrase in enumerate(entry.phrases):
        if not chinese.plain(phrase).strip():
            yield _finding(f"similar[{n - 1}]" if n else "question", "wordless_phrase", phrase)
    named = (
        ("channels", entry.channels, around.channels, "unknown_channel"),
        ("groups", entry.groups, around.groups, "unknown_group"),
        ("related", entry.related, around.entries, "related_gone"),
    )
    for field, names, there, code in named:
        for n, name in enumerate(names):
            if name not in there:
                yield _finding(f"{field}[{n}]", code, name)
    for n, one in enumerate(entry.variants):
        if one.channel and one.channel not in around.channels:
            yield _finding(f"variants[{n}].channel", "unknown_channel", one.channel)


def _finding(field: str, code: str, fact: str) -> Finding:
    return Finding("", 0, field, code, (fact,))
