"""Entries over HTTP: who may, what it answers, what is refused by which name, the way back."""

from typing import Any

import pytest

from tests.clients import Client, agent, shopper
from tests.program import Program
from tests.web.conftest import owner
from tests.web.test_learning_api import Api, signed_in
from tests.web.test_wire import mismatches

NEW = {"question": "能刻字吗？", "answer": "亲，可以刻。"}


async def send(
    api: Api, method: str, path: str, body: Any = None, **headers: str
) -> tuple[int, Any, str]:
    """The status, the body if there is one, and the tag."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = await api.http.request(method, f"{api.address}{path}", json=body, headers=named)
    text = await answer.text()
    return answer.status, (await answer.json() if text else None), answer.headers.get("ETag", "")


async def made(api: Api, name: str, **fields: Any) -> dict[str, Any]:
    status, entry, tag = await send(api, "POST", "/entries", {**NEW, "id": name, **fields})
    assert (status, tag) == (201, '"1"'), entry
    assert mismatches(entry, "SavedEntry", "entry") == []
    return dict(entry)


async def test_an_entry_from_its_making_to_its_return(floor: Program, name: str) -> None:
    async with signed_in(floor, "owner", floor.owner_password) as lead:
        path = f"/entries/{name}"
        entry = await made(lead, name, similar=["可以刻名字吗", "可以刻名字吗？"], note="内部")
        assert (entry["revision"], entry["similar"]) == (1, ["可以刻名字吗"])
        assert await send(lead, "GET", path) == (
            200, {key: one for key, one in entry.items() if key != "warnings"}, '"1"',
        )  # fmt: skip
        status, changed, tag = await send(lead, "PATCH", path, {"answer": "不能", "revision": 1})
        assert (status, changed["revision"], tag) == (200, 2, '"2"')
        assert changed["similar"] == entry["similar"]
        status, back, _ = await send(lead, "PATCH", path, {**changed, "hot": True})
        assert (status, back["revision"], back["hot"]) == (200, 3, True), "sent back as it came"
        assert await send(lead, "DELETE", path, If_Match='"3"') == (204, None, "")
        for method, body in (("GET", None), ("PATCH", {"answer": "x"}), ("DELETE", None)):
            status, refusal, _ = await send(lead, method, path, body)
            assert (status, refusal["error"]["code"]) == (404, "not_found")
        history = await lead.get(f"{path}/history", "EntryHistory")
        assert [(one["revision"], one["change"], one["fields"]) for one in history["items"]] == [
            (4, "deleted", []), (3, "changed", ["hot"]), (2, "changed", ["answer"]),
            (1, "created", ["question", "answer", "similar", "note"]),
        ]  # fmt: skip
        assert {one["by"]["name"] for one in history["items"]} == {"owner"}
        step = await lead.get(f"{path}/history/2", "EntryRevision")
        assert step["diff"] == {"answer": {"before": "亲，可以刻。", "after": "不能"}}
        assert (step["entry"]["answer"], step["entry"]["revision"]) == ("不能", 2)
        status, restored, tag = await send(lead, "POST", f"{path}/restore", {"revision": 1})
        assert (status, restored["answer"], tag) == (200, "亲，可以刻。", '"5"')
        assert await send(lead, "DELETE", path) == (204, None, "")


async def test_editors_at_once(floor: Program, name: str) -> None:
    async with signed_in(floor, "owner", floor.owner_password) as lead:
        path = f"/entries/{name}"
        await made(lead, name)
        assert (await send(lead, "PATCH", path, {"answer": "甲"}, If_Match='"1"'))[0] == 200
        stale: list[tuple[dict[str, Any], dict[str, str]]] = [
            ({"answer": "乙", "revision": 1}, {}),
            ({"answer": "乙"}, {"If_Match": '"1"'}),
            ({"answer": "乙"}, {"If_Match": "nonsense"}),
            ({"answer": "乙", "revision": 2}, {"If_Match": '"1"'}),
        ]
        for body, headers in stale:
            status, refusal, _ = await send(lead, "PATCH", path, body, **headers)
            assert (status, refusal["error"]["code"]) == (409, "conflict")
            there = refusal["error"]["data"]["entry"]
            assert mismatches(there, "Entry", "entry") == []
            assert (there["answer"], there["revision"]) == ("甲", 2)
        for gone in ({"revision": 1}, None):
            assert (await send(lead, "DELETE", path, gone, If_Match='W/"1"'))[0] == 409
        assert (await send(lead, "PATCH", path, {"answer": "丙"}, If_Match="*"))[0] == 200
        assert (await send(lead, "DELETE", path, {"revision": 3}))[0] == 204


async def test_who_may(floor: Program, name: str) -> None:
    floor.hire(name)
    async with (
        signed_in(floor, name) as own,
        signed_in(floor, "owner", floor.owner_password) as lead,
    ):
        entry = (await own.get("/entries?limit=1", "EntryList"))["items"][0]["id"]
        before = await own.get(f"/entries/{entry}", "Entry")
        await own.get(f"/entries/{entry}/history", "EntryHistory")
        await own.get("/categories", "EntryCategories")
        for method, path, body in (
            ("POST", "/entries", NEW),
            ("PATCH", f"/entries/{entry}", {"answer": "x"}),
            ("DELETE", f"/entries/{entry}", None),
            ("POST", f"/entries/{entry}/restore", {"revision": 1}),
            ("POST", "/entries/bulk", {"ids": [entry], "change": {"enabled": False}}),
            ("POST", "/entries/undo", {"token": "x"}),
            ("POST", "/categories/rename", {"from": "物流", "to": "x"}),
        ):
            assert (await send(own, method, path, body))[0] == 403, path
        assert await lead.get(f"/entries/{entry}") == before


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"question": " "}, "question"),
        ({"answer": None}, "answer"),
        ({"answer": "长" * 8001}, "8001"),
        ({"answer": "好\x00"}, "answer"),
        ({"similar": "几天"}, "similar"),
        ({"similar": ["长" * 501]}, "similar[0]"),
        ({"valid_to": "明天"}, "valid_to"),
        ({"valid_from": "2026-02-02", "valid_to": "2026-02-01"}, "valid_to"),
        ({"hot": "yes"}, "hot"),
        ({"tags": [1]}, "tags[0]"),
        ({"id": "a b"}, "id"),
        ({"colour": "red"}, "colour"),
        ({"revision": 3}, "revision"),
    ],
)
async def test_what_is_wrong_is_named(floor: Program, fields: dict[str, Any], named: str) -> None:
    async with signed_in(floor, "owner", floor.owner_password) as lead:
        before = (await lead.get("/entries?limit=1"))["total"]
        status, refusal, _ = await send(lead, "POST", "/entries", {**NEW, **fields})
        assert (status, refusal["error"]["code"]) == (400, "invalid")
        assert named in refusal["error"]["message"]
        assert (await lead.get("/entries?limit=1"))["total"] == before


async def test_taken_names_and_warnings(floor: Program, name: str) -> None:
    async with signed_in(floor, "owner", floor.owner_password) as lead:
        entry = await made(lead, name, answer="{尺码}", shortcut=f"s{name}")
        told = {one["field"]: one for one in entry["warnings"]}
        assert told["answer"]["code"] == "unknown_variable"
        assert "尺码" in told["answer"]["message"]
        for fields, named in (({"id": name}, "`id`"), ({"shortcut": f"s{name}"}, "`shortcut`")):
            status, refusal, _ = await send(lead, "POST", "/entries", {**NEW, **fields})
            assert (status, named in refusal["error"]["message"]) == (409, True)
        assert (await send(lead, "DELETE", f"/entries/{name}"))[0] == 204


async def test_together_and_back(floor: Program, name: str) -> None:
    async with signed_in(floor, "owner", floor.owner_password) as lead:
        ids = [f"{name}-{n}" for n in range(3)]
        for one in ids:
            await made(lead, one, category=f"{name}/小类")
        change = {"enabled": False, "add_tags": ["旧"]}
        done = await lead.post("/entries/bulk", {"ids": ids, "change": change})
        assert mismatches(done[1], "EntriesChanged", "bulk") == []
        assert (done[0], done[1]["changed"]) == (200, 3)
        off = await lead.get(f"/entries?category={name}&state=disabled", "EntryList")
        assert [one["tags"] for one in off["items"]] == [["旧"]] * 3
        for path, body, status in (
            ("/entries/bulk", {"ids": [], "change": change}, 400),
            ("/entries/bulk", {"ids": ids, "change": {}}, 400),
            ("/entries/bulk", {"ids": ids, "change": {"answer": "x"}}, 400),
            ("/entries/bulk", {"ids": [*ids, "made-up"], "change": {"enabled": True}}, 404),
            ("/entries/undo", {"token": "made-up"}, 404),
            ("/categories/rename", {"from": "made-up", "to": "x"}, 404),
            ("/categories/rename", {"from": name, "to": " "}, 400),
        ):
            assert (await lead.post(path, body))[0] == status, (path, body)
        assert (await lead.post("/entries/undo", {"token": done[1]["undo"]}))[0] == 200
        moved = await lead.post("/categories/rename", {"from": name, "to": f"新{name}"})
        assert moved[1]["changed"] == 3
        tree = await lead.get("/categories", "EntryCategories")
        (own,) = [one for one in tree["items"] if one["name"] == f"新{name}"]
        assert (own["count"], own["under"][0]["path"]) == (3, f"新{name}/小类")
        page = await lead.get(f"/entries?category=新{name}&limit=2&offset=1", "EntryList")
        assert ([one["id"] for one in page["items"]], page["total"]) == (ids[1:], 3)
        for one in ids:
            assert (await send(lead, "DELETE", f"/entries/{one}"))[0] == 204


async def first(desk: Client, chat: str, text: str) -> str:
    return str((await desk.call("suggest", conversation=chat, text=text))["items"][0]["entry"])


async def test_what_is_saved_is_suggested_on_every_screen(
    floor: Program, key: str, name: str
) -> None:
    floor.hire(name)
    words = f"{name}的宝贝能刻字吗"
    async with (
        agent(floor, name) as desk,
        shopper(floor, key) as shop,
        signed_in(floor, "owner", floor.owner_password) as lead,
    ):
        await shop.say("在吗")
        chat = (await desk.event("message"))["conversation"]
        async with owner(floor) as other:
            await made(lead, name, question=words, shortcut=f"k{name}")
            for one in (desk, other):
                await one.event("entries")
                assert await first(one, chat, words) == name
        found = await lead.get("/entries?q=kzm&state=valid", "EntryList")
        assert name in [one["id"] for one in found["items"]], "initials inside the question"
        for fields in ({"enabled": False}, {"enabled": True, "valid_to": "2020-01-01"}):
            assert (await send(lead, "PATCH", f"/entries/{name}", fields))[0] == 200
            assert await first(desk, chat, words) != name
        assert (await send(lead, "PATCH", f"/entries/{name}", {"valid_to": None}))[0] == 200
        assert await first(desk, chat, words) == name
        assert (await send(lead, "DELETE", f"/entries/{name}"))[0] == 204
        assert await first(desk, chat, words) != name


async def test_every_field_comes_back_as_it_was_sent(floor: Program, name: str) -> None:
    async with signed_in(floor, "owner", floor.owner_password) as lead:
        fields = {
            "weekdays": [1, 7], "related": ["fahuo-shijian"], "auto_reply": True, "owner": "王芳",
            "pictures": ["0a1b"], "personal": False,
            "variants": [{"answer": "金", "channel": "", "level": "金卡"}],
        }  # fmt: skip
        entry = await made(lead, name, **fields)
        assert {key: entry[key] for key in fields} == fields
        for wrong, said in (
            ({"weekdays": [0]}, "`weekdays`"), ({"variants": [{"answer": "x"}]}, "`variants[0]`"),
            ({"variants": [{"level": "x"}]}, "answer"),
        ):  # fmt: skip
            status, refusal, _ = await send(lead, "PATCH", f"/entries/{name}", wrong)
            assert status == 400, wrong
            assert said in refusal["error"]["message"]
        status, entry, _ = await send(lead, "PATCH", f"/entries/{name}", {"variants": []})
        assert (status, entry["variants"]) == (200, [])
