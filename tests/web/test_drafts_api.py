"""One's own phrases and drafts over HTTP: whose they are, and what a lead makes of them."""

from tests.clients import agent
from tests.program import PASSWORD, Program
from tests.web.test_entries_api import send
from tests.web.test_learning_api import signed_in
from tests.web.test_wire import mismatches

NEW = {"question": "能刻字吗？", "answer": "亲，可以刻。"}


async def test_a_phrase_of_ones_own(floor: Program, name: str) -> None:
    floor.hire(name)
    async with (
        signed_in(floor, name, PASSWORD) as mine,
        signed_in(floor, "owner", floor.owner_password) as lead,
    ):
        status, phrase, tag = await send(mine, "POST", "/phrases", {**NEW, "shortcut": "fh"})
        assert (status, tag, phrase["owner"], phrase["personal"]) == (201, '"1"', name, True)
        path = f"/phrases/{phrase['id']}"
        listed = await mine.get("/phrases", "EntryList")
        assert [one["id"] for one in listed["items"]] == [phrase["id"]]
        ids = [one["id"] for one in (await mine.get("/entries", "EntryList"))["items"]]
        assert phrase["id"] in ids, "beside the team's"
        status, _, tag = await send(mine, "PATCH", path, {"answer": "x"}, If_Match='"1"')
        assert (status, tag) == (200, '"2"')
        assert (await send(mine, "PATCH", path, {"answer": "y"}, If_Match='"1"'))[0] == 409
        status, refusal, _ = await send(mine, "PATCH", path, {"personal": False})
        assert (status, "`personal`" in refusal["error"]["message"]) == (400, True)
        for other in ("/phrases", "/entries"):
            shown = f"{other}/{phrase['id']}"
            assert (await send(lead, "PATCH", shown, {"answer": "z"}))[0] == 404
            assert (await send(lead, "DELETE", shown))[0] == 404
        team = "/phrases/fahuo-shijian"
        assert (await send(mine, "PATCH", team, {"answer": "z"}))[0] == 404, "no way round"
        assert (await send(mine, "PATCH", "/entries/fahuo-shijian", {"answer": "z"}))[0] == 403
        assert (await send(mine, "DELETE", path))[0] == 204
        assert (await mine.get("/phrases", "EntryList"))["total"] == 0


async def test_from_a_draft_to_an_entry(floor: Program, name: str) -> None:
    floor.hire(name)
    async with (
        signed_in(floor, name, PASSWORD) as mine,
        signed_in(floor, "owner", floor.owner_password) as lead,
        agent(floor, "owner", floor.owner_password) as screen,
    ):
        status, draft, _ = await send(mine, "POST", "/drafts", {"fields": NEW, "note": "常问"})
        assert (status, draft["question"], draft["state"]) == (201, NEW["question"], "waiting")
        assert mismatches(draft, "Draft", "draft") == []
        assert (await screen.event("review"))["waiting"] >= 1
        assert (await send(mine, "POST", f"/drafts/{draft['id']}/publish", {}))[0] == 403
        shown = await lead.get("/drafts", "DraftList")
        assert draft["id"] in [one["id"] for one in shown["items"]]
        path = f"/drafts/{draft['id']}/publish"
        fields = {**NEW, "category": "刻字"}
        status, entry, tag = await send(lead, "POST", path, {"fields": fields})
        assert (status, entry["category"], tag) == (200, "刻字", '"1"')
        assert (await send(lead, "POST", path, {}))[0] == 404, "once"
        (became,) = (await mine.get("/drafts", "DraftList"))["items"]
        assert (became["state"], became["entry"]) == ("published", entry["id"])
        assert became["decided"]["by"] == "owner"
        _, draft, _ = await send(mine, "POST", "/drafts", {"fields": NEW})
        declined = await send(lead, "POST", f"/drafts/{draft['id']}/decline", {"reason": "有了"})
        assert declined[0] == 200
        assert (await send(mine, "DELETE", f"/drafts/{draft['id']}"))[0] == 404
        bodies: list[dict[str, object]] = [
            {},
            {"fields": {}},
            {"fields": NEW, "seq": 1},
            {"fields": {"x": 1}},
        ]
        for body in bodies:
            assert (await send(mine, "POST", "/drafts", body))[0] == 400, body
        assert (await send(lead, "DELETE", f"/entries/{entry['id']}"))[0] == 204


async def test_usage_is_shown(floor: Program, key: str, name: str) -> None:
    floor.hire(name)
    async with signed_in(floor, name, PASSWORD) as mine:
        assert mismatches(await mine.get("/usage?days=7"), "UsageList", "usage") == []
        assert (await send(mine, "GET", "/usage?days=0"))[0] == 400
