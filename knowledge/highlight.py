"""Why an entry matched: the places in the message that it shares."""

import itertools
from collections.abc import Callable, Iterable, Sequence

from knowledge import chinese, pinyin
from knowledge.chinese import Normal, Piece
from knowledge.spelling import is_latin

Spans = tuple[tuple[int, int], ...]


def why(message: Normal, entry: str, *, dictionary: Sequence[str],
        synonyms: Sequence[frozenset[str]], worth: Callable[[str], float]) -> Spans:  # fmt: skip
    """Spans of the original text, in code points, that the entry's normal text shares.

    Words and pairs of characters first, Latin letters where their sounds are the entry's; only
    when there is none of these, the single characters that tell most.
    """
    units = chinese.units(message.text)
    words = chinese.tokenize(message.text, dictionary)
    shared = [word for word in words if len(word.text) > 1 and word.text in entry]
    shared += [
        Piece(message.text[a.start : b.end], a.start, b.end)
        for a, b in itertools.pairwise(units)
        if a.end == b.start and message.text[a.start : b.end] in entry
    ]
    shared += _synonymous(message.text, entry, synonyms)
    shared += _heard(units, entry)
    if not shared:
        single = [unit for unit in units if unit.text in entry]
        most = max((worth(unit.text) for unit in single), default=0.0)
        shared = [unit for unit in single if worth(unit.text) >= most / 2]
    return _merged((message.at[p.start], message.at[p.end - 1] + 1) for p in shared)


def _synonymous(text: str, entry: str, synonyms: Sequence[frozenset[str]]) -> list[Piece]:
    found = []
    for group in synonyms:
        for word in group:
            start = text.find(word)
            if start >= 0 and any(other in entry for other in group):
                found.append(Piece(word, start, start + len(word)))
    return found


def _heard(units: Iterable[Piece], entry: str) -> list[Piece]:
    """Latin runs whose syllables, or whose letters as initials, the entry says in a row."""
    runs = [unit for unit in units if is_latin(unit)]
    if not runs:
        return []
    spoken = [sound or "-" for sound in pinyin.of_characters(entry)]
    fuzzy = pinyin.readings().fuzzy
    syllables = f" {' '.join(fuzzy.get(sound, sound) for sound in spoken)} "
    initials = "".join(sound[0] for sound in spoken)
    return [
        run
        for run in runs
        if run.text in entry
        or ((parts := pinyin.split_latin(run.text))
            and f" {' '.join(fuzzy[part] for part in parts)} " in syllables)
        or (not parts and len(run.text) > 1 and run.text in initials)
    ]  # fmt: skip


def _merged(spans: Iterable[tuple[int, int]]) -> Spans:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
