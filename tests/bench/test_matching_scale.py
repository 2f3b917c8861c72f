"""Generated knowledge is the same each time and grows in words; one size is measured end to end."""

import pytest

from bench.matching import generated, scale
from bench.matching.contenders import OURS, SCALED
from bench.matching.probe import measured
from bench.matching.sets import own
from bench.matching.words import cut
from knowledge import Entry

QUESTIONS = own().knowledge.entries


def made(size: int) -> list[Entry]:
    return list(generated.entries(size, QUESTIONS))


def test_a_smaller_one_is_the_beginning_of_a_larger_one() -> None:
    assert made(300) == made(300)
    assert made(700)[:300] == made(300)


def test_entries_have_three_phrasings_an_answer_and_are_all_different() -> None:
    entries = made(20_000)
    assert len({entry.id for entry in entries}) == 20_000
    assert len({entry.phrases for entry in entries}) == 20_000
    assert {len(entry.phrases) for entry in entries} == {3}
    assert all(entry.answer for entry in entries)


def test_vocabulary_grows_with_size() -> None:
    small, large = (
        len({word for entry in made(size) for phrase in entry.phrases for word in cut(phrase)})
        for size in (500, 5_000)
    )
    assert large > 1.3 * small


def test_messages_are_no_phrasing_and_reach_over_all_entries() -> None:
    asked = generated.messages(2_000, QUESTIONS, count=50)
    assert asked == generated.messages(2_000, QUESTIONS, count=50)
    entries = {entry.id: entry for entry in made(2_000)}
    phrasings = {phrase for entry in entries.values() for phrase in entry.phrases}
    assert phrasings.isdisjoint(text for text, _ in asked)
    assert [entry for _, entry in asked] == [f"e{n}" for n in range(0, 2_000, 40)]
    assert all(text.split()[0][:2] in entries[entry].question for text, entry in asked)


@pytest.mark.parametrize("name", SCALED)
def test_a_small_size_is_measured(name: str) -> None:
    told = measured(name, 50, messages=10)
    assert told.build_s > 0
    assert (told.found > 0.5) == (name != "SQLite FTS5 trigram")
    assert 0 < told.p50_ms <= told.p99_ms
    assert 0 < told.before_mib <= told.resident_mib + 1
    assert len(scale.cells(told)) == len(scale.HEAD) - 2


def test_a_size_has_a_process_of_its_own() -> None:
    told = scale.probed(OURS, 50)
    assert told.change_ms is not None
    assert told.change_ms > 0
