"""What agents are offered in a conversation is what `kb eval` measures: one ranking, one engine."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from console.trial import evaluate_files
from knowledge.evaluate import Query, judge
from tests.desk.house import House
from tests.knowledge.conftest import ROOT
from tests.store.databases import Database

MESSAGES = ROOT / "tests/knowledge/data/messages.yaml"
FAQ = ROOT / "faq.yaml"


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database


async def test_the_live_ranking_is_the_one_that_is_measured(house: House, tmp_path: Path) -> None:
    yaml = YAML(typ="safe", pure=True)
    rows = [each for each in yaml.load(MESSAGES)["queries"] if each["half"] == "check"]
    entries = yaml.load(FAQ)["entries"]
    kb, queries = tmp_path / "kb.yaml", tmp_path / "queries.yaml"
    kb.write_bytes(FAQ.read_bytes())
    yaml.dump({"queries": [{k: each.get(k) or [] for k in ("id", "text", "gold")}
                           for each in rows]}, queries)  # fmt: skip
    measured = evaluate_files(kb, queries)
    done = await house.desk.importing.import_file(
        house.shop_id, FAQ.read_bytes(), file=FAQ.name, by=None
    )
    assert not done.failed
    await house.desk.library.warm()
    agent = await house.agent("王芳")
    chat = await house.chat("在吗")
    live = {}
    for each in rows:
        hints = await house.desk.prompter.ask(agent, chat, each["text"])
        live[each["text"]] = [(one.entry, one.score) for one in hints]
    told = judge(
        lambda text, limit: live[text][:limit],
        [Query(each["id"], each["text"], tuple(each.get("gold") or ())) for each in rows],
        clock=lambda: 0.0,
        entries=len(entries),
    )
    for name in ("hit@1", "hit@3", "hit@5"):
        assert told.named()[name] == measured[name]
