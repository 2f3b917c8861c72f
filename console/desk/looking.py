"""What a file would do, as somebody looks at it before importing it: worked out of the file and the
shelf, apart from the database and the loop.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from console.desk.holdings import shown
from console.desk.planning import Stock, met
from console.desk.shelving import entry_of
from knowledge import chinese, formats
from knowledge.findings import Finding
from knowledge.formats import Words
from knowledge.outcomes import Outcome, count, outcomes, sift


@dataclass(frozen=True, slots=True)
class Look:
    """Rows in the file's order; `shop` are the entries of conflicting ones as lists show them;
    `findings` are of no row."""

    file: str
    format: str
    counts: dict[str, int]
    rows: list[Outcome]
    shop: dict[str, dict[str, Any]]
    findings: tuple[Finding, ...]


def look(data: bytes, file: str, stock: Stock, words: Mapping[str, Any]) -> Look:
    sheet = formats.read(data, file=file)
    sifted = sift(sheet)
    there = (entry_of(one) for one in stock.entries)
    alive = {one.id: one for one in there if not one.personal}
    rows = outcomes(sifted, met(sifted.sheet, stock), alive)
    revisions = {one.id: one.revision for one in stock.entries}
    shop = {
        one.shop.id: shown(one.shop, revisions[one.shop.id], chinese.initials(one.shop.question))
        for one in rows
        if one.state == "conflicting" and one.shop is not None
    }
    findings = [*sifted.of_file]
    if not sifted.refused and sheet.words is not None:
        new = wanted(sheet.words, words)
        findings += [
            Finding(file, 1, name, "brings_words", (name,))
            for name in ("name", "dictionary", "synonyms")
            if new[name] != words[name]
        ]
    return Look(file, sheet.format, count(rows), rows, shop, tuple(findings))


def wanted(words: Words, now: Mapping[str, Any]) -> dict[str, Any]:
    """The shop's words after a faq.yaml with these."""
    return {
        "name": words.shop.get("name") or now["name"],
        "dictionary": list(words.dictionary),
        "synonyms": [list(group) for group in words.synonyms],
    }
