"""The contenders rank what they should, and the yardstick shows it when they do not."""

import json
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from random import Random

import pytest

import bench
from bench.matching import quality, sets
from bench.matching.contender import Changing, Contender, Knowledge, Ranking, taught
from bench.matching.contenders import ABLATIONS, ALL, OURS, PEERS, USUAL
from bench.matching.sets import QuestionSet
from bench.programs import BenchFailed
from knowledge import Entry
from knowledge.evaluate import Query, judge

PHRASES = (
    "什么时候发货",
    "怎么申请退款",
    "可以包邮吗",
    "优惠券怎么领取",
    "有没有现货",
    "地址写错了怎么改",
)
ENTRIES = [
    Entry(f"e{n}", phrase, f"亲，{n}", similar=(f"{phrase[:-1]}呀亲", f"想知道{phrase}"))
    for n, phrase in enumerate(PHRASES)
]
SMALL = Knowledge(ENTRIES)


@cache
def small(name: str) -> Contender:
    return ALL[name](SMALL)


@pytest.fixture(scope="module")
def own() -> QuestionSet:
    return sets.own()


@pytest.fixture(scope="module", params=[OURS, *PEERS])
def contender(request: pytest.FixtureRequest, own: QuestionSet) -> Contender:
    return ALL[request.param](own.knowledge)


@pytest.mark.parametrize("name", ALL)
def test_an_exact_phrasing_comes_first(name: str) -> None:
    ranks = small(name).rank
    for number, phrase in enumerate(PHRASES):
        found = ranks(phrase, 3)
        assert found[0][0] == f"e{number}"
        assert len(found) == len({entry for entry, _ in found}) <= 3
        assert [score for _, score in found] == sorted((s for _, s in found), reverse=True)


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("text", ["", " ", "？", '"', "' OR 1", "\U0001f643"])
def test_nothing_said_is_no_error(name: str, text: str) -> None:
    assert len(small(name).rank(text, 5)) <= 5


@pytest.mark.parametrize("name", ABLATIONS)
def test_each_ablation_leaves_something_out(name: str) -> None:
    whole, less = small(OURS), small(name)
    asked = ("啥时候发货呢", "能不能退款", "想领优惠券")
    assert [whole.rank(text, 5) for text in asked] != [less.rank(text, 5) for text in asked]


@pytest.mark.parametrize("name", [OURS, "tantivy, jieba words", "SQLite FTS5 trigram"])
def test_a_changed_entry_is_found_by_its_new_phrasing(name: str) -> None:
    one = ALL[name](SMALL)
    assert isinstance(one, Changing)
    one.change(taught(ENTRIES[3], "红包在哪儿拿呀"))
    asked = ("红包在哪儿拿呀", PHRASES[3], PHRASES[0])
    assert [one.rank(text, 1)[0][0] for text in asked] == ["e3", "e3", "e0"]


def test_shuffled_answers_are_hit_by_chance_only(contender: Contender, own: QuestionSet) -> None:
    asked = [query for query in own.parts["tune"] if query.gold]
    golds = [query.gold for query in asked]
    Random(1).shuffle(golds)
    shuffled = [Query(q.id, q.text, gold) for q, gold in zip(asked, golds, strict=True)]
    told = quality.asked(contender, shuffled, own)
    assert told.figures.hit_1 <= 0.06
    assert sum(told.right) == round(told.figures.hit_1 * len(shuffled))


def test_who_has_what_alone() -> None:
    nobody = judge(lambda _text, _limit: [], [], clock=time.perf_counter, entries=1)
    ours = quality.Told(nobody, [True, True, False, False, True])
    other = quality.Told(nobody, [True, False, True, False, False])
    assert quality.cells(other, ours)[5:7] == ["2", "1"]


def test_forced_answers_are_all_hit(own: QuestionSet) -> None:
    golds = {query.text: query.gold for half in own.parts.values() for query in half}

    def forced(text: str, _limit: int) -> Ranking:
        return [(entry, 1.0) for entry in golds[text]]

    for half in own.parts.values():
        told = judge(forced, half, clock=time.perf_counter, entries=1)
        assert (told.hit_1, told.hit_3, told.mrr_10, told.auroc) == (1, 1, 1, 1)


def test_the_set_is_whole(own: QuestionSet) -> None:
    halves = [query for half in own.parts.values() for query in half]
    kinds = [query for kind in own.slices.values() for query in kind]
    assert {query.id for query in kinds} == {query.id for query in halves if query.gold}
    assert len(own.parts["tune"]) > 100 < len(own.parts["check"])


def test_messages_are_drawn_by_the_seed(own: QuestionSet) -> None:
    all_of_them = own.parts["tune"]
    drawn = sets.drawn(all_of_them, most=20, seed=1)
    assert len(drawn) == 20
    assert drawn == sets.drawn(all_of_them, most=20, seed=1)
    assert drawn != sets.drawn(all_of_them, most=20, seed=2)
    assert sets.drawn(all_of_them, most=None, seed=1) == all_of_them


def test_a_folder_is_read_as_kb_eval_reads_it(tmp_path: Path) -> None:
    made = _folder(tmp_path / "mine")
    assert sets.beside(tmp_path) == [made]
    read = sets.folder(made, most=1, seed=7)
    assert (read.name, len(read.knowledge.entries), len(read.parts[""])) == ("mine", 6, 1)
    assert sets.beside(tmp_path / "nowhere") == []
    with pytest.raises(BenchFailed, match="nowhere"):
        sets.folder(tmp_path / "nowhere", most=1, seed=7)


def test_the_tables(own: QuestionSet, capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["match", "--own", "--queries", "20"]) == 0
    said = capsys.readouterr().out
    heads = [_cells(line) for line in said.splitlines() if line.startswith("| contender")]
    assert heads == [list(quality.HEAD)] * 2
    rows = [_cells(line) for line in said.splitlines() if line.startswith("| ")]
    assert [row[0] for row in rows if row[0] in ALL] == [*ALL, *ALL]
    assert {len(row) for row in rows if row[0] in ALL} == {len(quality.HEAD)}
    kinds = [row[0] for row in rows if row[0] in own.slices]
    assert len(kinds) > 3
    assert "seed 7, at most 20 messages a part; sets: the shop's own\n" in said


def test_a_folder_gets_one_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = sets.folder(_folder(tmp_path / "mine"), most=9, seed=7)
    tables = list(quality.reports(made, {OURS: ALL[OURS], USUAL: ALL[USUAL]}))
    assert len(tables) == 1
    assert tables[0].startswith("#### mine: 6 entries, 6 messages with an answer, 1 without\n")


def _folder(path: Path) -> Path:
    path.mkdir()
    kb: Sequence[object] = [{"id": e.id, "question": e.question, "answer": ""} for e in ENTRIES]
    asked = [{"id": f"q{n}", "text": text, "gold": [f"e{n}"]} for n, text in enumerate(PHRASES)]
    asked.append({"id": "none", "text": "今天天气真好", "gold": []})
    for name, rows in ((sets.KB, kb), (sets.QUERIES, asked)):
        (path / name).write_text("\n".join(map(json.dumps, rows)), "utf-8")
    return path


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]
