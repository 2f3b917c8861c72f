"""/metrics through the real door: what a talk leaves there, who may read it, what it promises."""

import urllib.error
import urllib.request
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.clients import agent, shopper
from tests.program import Program
from tests.servers import stop

ROOT = Path(__file__).resolve().parents[2]
OURS = "dianxiaoer_"
TOKEN = "ein-langes-wort-4711"

Figures = dict[str, dict[frozenset[tuple[str, str]], float]]


def figures(program: Program, **headers: str) -> Figures:
    status, text = fetch(program, **headers)
    assert status == 200, text
    found: Figures = {}
    for family in text_string_to_metric_families(text):
        for one in family.samples:
            found.setdefault(one.name, {})[frozenset(one.labels.items())] = one.value
    return found


def fetch(program: Program, **headers: str) -> tuple[int, str]:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(f"{program.address}/metrics", headers=names)
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


def rose(before: Figures, after: Figures, name: str, **labels: str) -> float:
    key = frozenset(labels.items())
    return after[OURS + name].get(key, 0.0) - before.get(OURS + name, {}).get(key, 0.0)


async def test_a_talk_leaves_its_figures(floor: Program, key: str, name: str) -> None:
    floor.hire(name)
    before = figures(floor)
    async with agent(floor, name) as person, shopper(floor, key) as client:
        said = await client.say("有人在吗", client_id="figures-of-a-talk-1")
        await client.say("有人在吗", client_id="figures-of-a-talk-1")
        assert not (await client.say("别的话", client_id="figures-of-a-talk-1"))["ok"]
        heard = await person.event("message")
        await person.say("在的", conversation=heard["conversation"])
        during = figures(floor)
    assert said["ok"]
    assert rose(before, during, "messages_total", author="shopper", inbox="widget") == 1
    assert rose(before, during, "messages_total", author="agent", inbox="widget") == 1
    assert rose(before, during, "duplicates_total") == 1
    assert rose(before, during, "refusals_total", door="socket", code="conflict") == 1
    assert rose(before, during, "delivery_seconds_count") == 2
    assert rose(before, during, "ack_seconds_count", namespace="/widget", event="say") == 3
    assert rose(before, during, "ack_seconds_count", namespace="/desk", event="say") == 1
    assert rose(before, during, "sockets", namespace="/widget") == 1
    assert rose(before, during, "sockets", namespace="/desk") == 1
    assert rose(before, during, "agents_present") == 1
    assert rose(before, during, "store_units_total") >= 4
    # somebody who waited before may have come to this agent too
    stages = [rose(before, during, "conversations", stage=one) for one in ("waiting", "open")]
    assert sum(stages) == 1
    assert stages[1] >= 1
    assert 0 < during[f"{OURS}delivery_seconds_sum"][frozenset()] < 60
    after = figures(floor)
    assert rose(during, after, "sockets", namespace="/widget") == -1


def test_a_histogram_adds_up(house: Program) -> None:
    found = figures(house)
    counts = found[f"{OURS}store_commit_seconds_bucket"]
    rising = [counts[key] for key in sorted(counts, key=lambda one: float(dict(one)["le"]))]
    assert rising == sorted(rising)
    assert rising[-1] == found[f"{OURS}store_commit_seconds_count"][frozenset()] > 0
    assert found[f"{OURS}loop_lag_seconds_count"][frozenset()] > 0


def test_a_refused_request_is_counted(house: Program) -> None:
    before = figures(house)
    assert house.get("/api/me")[0] == 401
    assert rose(before, figures(house), "refusals_total", door="http", code="unauthorized") == 1


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_every_metric_is_told(house: Program, readme: str) -> None:
    text = (ROOT / readme).read_text("utf-8")
    house.get("/api/me")
    status, page = fetch(house)
    assert status == 200
    exported = {line.split()[2] for line in page.splitlines() if line.startswith("# TYPE")}
    ours = {one.removeprefix(OURS) for one in exported if one.startswith(OURS)}
    assert len(ours) > 25
    assert [one for one in sorted(ours) if f"`{one}`" not in text] == []


def test_labels_are_words_from_closed_lists(house: Program) -> None:
    values = {
        value
        for name, samples in figures(house).items()
        if name.startswith(OURS)
        for labels in samples
        for label, value in labels
        if label != "le"
    }
    assert [one for one in values if not one.lstrip("/").replace(" ", "_").isidentifier()] == []
    assert max(map(len, values)) < 24


def test_who_is_elsewhere_needs_the_token(tmp_path: Path) -> None:
    one = Program(tmp_path / "data", environ={"CONSOLE_METRICS_TOKEN": TOKEN})
    one.start()
    try:
        assert fetch(one)[0] == 200
        for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": f"Bearer {TOKEN}x"}):
            status, text = fetch(one, X_Forwarded_For="192.0.2.7", **headers)
            assert (status, OURS in text) == (404, False)
        right = fetch(one, X_Forwarded_For="192.0.2.7", Authorization=f"Bearer {TOKEN}")
        assert right[0] == 200
        assert TOKEN not in right[1]
    finally:
        assert one.process is not None
        stop(one.process)


def test_without_a_token_nobody_else_reads_it(house: Program) -> None:
    for given in ("", "Bearer ", "Bearer x"):
        assert fetch(house, X_Forwarded_For="192.0.2.7", Authorization=given)[0] == 404
