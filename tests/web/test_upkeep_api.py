"""How good the knowledge is, over HTTP: shapes, who may look, and what is refused."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.clients import sign_in
from tests.program import Program
from tests.web.browsing import Browsing, browsing
from tests.web.test_wire import mismatches

LISTS = {
    "few_phrases", "never_shown", "never_taken", "often_edited", "duplicates", "broken", "expiring",
}  # fmt: skip


@pytest.fixture
async def http(floor: Program, name: str) -> AsyncIterator[Browsing]:
    """An agent's."""
    floor.hire(name)
    body, cookie = await sign_in(floor, name)
    async with browsing(headers={"Cookie": cookie, "X-CSRF-Token": body["csrf"]}) as one:
        yield one


@pytest.fixture
async def owners(floor: Program) -> AsyncIterator[Browsing]:
    body, cookie = await sign_in(floor, "owner", floor.owner_password)
    async with browsing(headers={"Cookie": cookie, "X-CSRF-Token": body["csrf"]}) as one:
        yield one


async def upkeep(owners: Browsing, floor: Program, lang: str = "zh-CN") -> dict[str, Any]:
    answer = await owners.get(f"{floor.address}/api/upkeep", params={"lang": lang})
    body: dict[str, Any] = await answer.json()
    assert answer.status == 200, body
    assert mismatches(body, "Upkeep", "upkeep") == []
    assert set(body["lists"]) == set(body["counts"]) == LISTS
    for name, found in body["lists"].items():
        assert len(found) == min(200, body["counts"][name])
    return body


async def test_what_needs_a_hand_is_listed_until_it_is_mended(
    floor: Program, owners: Browsing
) -> None:
    entries = f"{floor.address}/api/entries"
    before = await upkeep(owners, floor)
    fields = {
        "question": "几天可以发到火星",
        "answer": "{昵称}，{飞船}三天到",
        "valid_to": "2020-01-01",
    }
    for entry in ("mars-1", "mars-2"):
        more = {"id": entry, "valid_to": None}
        assert (await owners.post(entries, json={**fields, **more})).status == 201
    try:
        found = await upkeep(owners, floor)
        for name in ("few_phrases", "broken"):
            assert found["counts"][name] == before["counts"][name] + 2
        pairs = [one for one in found["lists"]["duplicates"] if one["entry"] == "mars-1"]
        assert [(one["other"]["entry"], one["same"], one["likeness"]) for one in pairs] == [
            ("mars-2", True, 1.0)
        ]
        assert pairs[0]["phrases"] == [fields["question"]] * 2
        broken = [one for one in found["lists"]["broken"] if one["entry"] == "mars-1"]
        assert [one["field"] for one in broken[0]["findings"]] == ["answer"]
        assert "不认识的变量" in broken[0]["findings"][0]["message"]
        english = (await upkeep(owners, floor, "en"))["lists"]["broken"]
        assert any("unknown variable" in one["findings"][0]["message"] for one in english)
    finally:
        for entry in ("mars-1", "mars-2"):
            assert (await owners.delete(f"{entries}/{entry}")).status == 204
    assert (await upkeep(owners, floor))["counts"] == before["counts"]


async def test_texts_are_tried_out(floor: Program, http: Browsing) -> None:
    texts = ["什么时候发货", "火星基地几点开门"]
    answer = await http.post(f"{floor.address}/api/match", json={"texts": texts})
    body = await answer.json()
    assert answer.status == 200, body
    assert mismatches(body, "TriedTexts", "match") == []
    assert [one["text"] for one in body["items"]] == texts
    first = body["items"][0]
    assert len(first["found"]) == 5
    assert first["found"][0]["gate"] == "sure"
    assert first["lead"] >= body["limits"]["lead"]
    assert {one["gate"] for one in body["items"][1]["found"]} == {"below"}
    narrow = {"texts": texts[:1] * 50, "channel": "widget", "group": "售前"}
    many = await (await http.post(f"{floor.address}/api/match", json=narrow)).json()
    assert len(many["items"]) == 50


async def test_an_answer_is_shown_as_channels_say_it(floor: Program, http: Browsing) -> None:
    variants = [{"level": "金卡", "answer": "金卡**免运费**"}]
    asked = {"answer": "{昵称}，[看这里](https://a.cn)", "variants": variants}
    answer = await http.post(
        f"{floor.address}/api/preview", json={**asked, "values": {"昵称": "<b>"}}
    )
    body = await answer.json()
    assert answer.status == 200, body
    assert mismatches(body, "AnswerPreview", "preview") == []
    plain, gold = (one for one in body["items"] if one["channel"] == "widget")
    assert plain["text"] == "<b>，看这里（https://a.cn）"
    assert plain["html"].startswith("<p>&lt;b&gt;，<a href=")
    assert (gold["level"], gold["html"]) == ("金卡", "<p>金卡<strong>免运费</strong></p>")
    assert (gold["length"], gold["limit"], gold["unit"], gold["parts"]) == (
        5,
        8000,
        "characters",
        1,
    )
    assert body["variables"] == [{"name": "昵称", "known": True, "fallback": "亲"}]


@pytest.mark.parametrize(
    ("path", "body", "named"),
    [
        ("match", {"texts": []}, "texts"),
        ("match", {"texts": ["x"] * 51}, "texts"),
        ("match", {"texts": ["x", " "]}, "texts"),
        ("match", {"texts": ["x" * 8001]}, "texts"),
        ("match", {"texts": ["a\u0000b"]}, "texts"),
        ("match", {"texts": "x"}, "texts"),
        ("match", {}, "texts"),
        ("match", {"texts": ["x"], "channel": "fax"}, "channel"),
        ("match", {"texts": ["x"], "group": "夜班"}, "group"),
        ("match", {"texts": ["x"], "more": 1}, "more"),
        ("preview", {}, "answer"),
        ("preview", {"answer": "x" * 8001}, "answer"),
        ("preview", {"answer": "x", "variants": [{"answer": 1}]}, "variants"),
        ("preview", {"answer": "x", "variants": [{"kind": "x"}]}, "kind"),
        ("preview", {"answer": "x", "variants": [{}] * 51}, "variants"),
        ("preview", {"answer": "x", "values": {"昵称": "x" * 201}}, "values"),
        ("preview", [], "object"),
    ],
)
async def test_what_is_wrong_is_named(
    floor: Program, http: Browsing, path: str, body: Any, named: str
) -> None:
    answer = await http.post(f"{floor.address}/api/{path}", json=body)
    error = (await answer.json())["error"]
    assert (answer.status, error["code"]) == (400, "invalid")
    assert named in error["message"]


async def test_who_may_not(floor: Program, http: Browsing) -> None:
    assert (await http.get(f"{floor.address}/api/upkeep")).status == 403
    async with browsing() as stranger:
        assert (await stranger.get(f"{floor.address}/api/upkeep")).status == 401
        for path, body in (("match", {"texts": ["x"]}), ("preview", {"answer": "x"})):
            assert (await stranger.post(f"{floor.address}/api/{path}", json=body)).status == 401
