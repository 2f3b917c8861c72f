"""Teaching, proposals and the correction over the wires: who may, what it answers, the way back."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from tests.clients import Client, agent, shopper, sign_in
from tests.program import PASSWORD, Program
from tests.web.browsing import Browsing, browsing
from tests.web.conftest import owner
from tests.web.test_wire import mismatches

SURE = "什么时候发货？"


@dataclass
class Api:
    """HTTP as one signed-in person."""

    http: Browsing
    address: str

    async def get(self, path: str, kind: str = "") -> dict[str, Any]:
        """What is there; it is of the TypeScript type, where one is named."""
        answer = await self.http.get(f"{self.address}{path}")
        body: dict[str, Any] = await answer.json()
        assert answer.status == 200, body
        assert not kind or mismatches(body, kind, path) == []
        return body

    async def post(self, path: str, body: Any = None) -> tuple[int, Any]:
        answer = await self.http.post(f"{self.address}{path}", json=body)
        return answer.status, await answer.json()

    async def delete(self, path: str) -> int:
        answer = await self.http.request("DELETE", f"{self.address}{path}")
        return answer.status


@asynccontextmanager
async def signed_in(program: Program, name: str, password: str = PASSWORD) -> AsyncIterator[Api]:
    body, cookie = await sign_in(program, name, password)
    headers = {"Cookie": cookie, "X-CSRF-Token": body["csrf"], "Origin": program.address}
    async with browsing(headers=headers) as http:
        yield Api(http, f"{program.address}/api")


@asynccontextmanager
async def asked(
    program: Program, key: str, name: str, text: str
) -> AsyncIterator[tuple[Client, dict[str, Any]]]:
    """An agent, and the suggestions for what a shopper just wrote to them."""
    program.hire(name)
    async with agent(program, name) as desk, shopper(program, key) as shop:
        await shop.say(text)
        yield desk, await desk.event("suggestions")


async def test_a_proposal_is_accepted_and_taken_back(floor: Program, key: str, name: str) -> None:
    words = f"{name}的宝贝啥时辰动身"
    async with (
        asked(floor, key, name, words) as (desk, offer),
        signed_in(floor, "owner", floor.owner_password) as lead,
        signed_in(floor, name) as own,
        owner(floor) as live,
    ):
        frame = {"conversation": offer["conversation"], "seq": 1}
        (entry,) = (await lead.get("/entries?q=smshfh"))["items"][:1]
        about = {**frame, "entry": entry["id"]}
        for _ in range(2):
            answer = await desk.call("teach", **about)
            assert answer == {"ok": True, "state": "proposed", "entry": entry["id"]}
        listed = await lead.get("/proposals", "Proposals")
        (one,) = listed["items"]
        assert (listed["total"], one["text"], one["by"]["name"]) == (1, words, name)
        assert (one["entry"], one["question"]) == (entry["id"], entry["question"])
        for path in (f"/proposals/{one['id']}/accept", f"/entries/{entry['id']}/similar"):
            assert (await own.post(path, {"text": words}))[0] == 403
        status, accepted = await lead.post(f"/proposals/{one['id']}/accept")
        assert (status, accepted["revision"]) == (200, entry["revision"] + 1)
        assert accepted["similar"] == [*entry["similar"], words]
        assert (await lead.post(f"/proposals/{one['id']}/accept"))[0] == 404
        assert (await lead.post(f"/proposals/{one['id']}/decline"))[0] == 404
        await desk.event("entries")
        (first, *_) = (await desk.call("suggest", text=words, **_chat(offer)))["items"]
        assert (first["entry"], first["score"], first["sure"]) == (entry["id"], 1.0, True)
        assert await desk.call("teach", **about) == {"ok": True, "state": "known"}
        undone = await live.call("teach", **about, undo=True)
        assert (undone["state"], undone["revision"]) == ("removed", entry["revision"] + 2)
        assert (await live.call("teach", **about, undo=True))["state"] == "absent"
        added = await live.call("teach", **about)
        assert (added["state"], added["revision"]) == ("added", entry["revision"] + 3)
        assert (await live.call("teach", **about, undo=True))["state"] == "removed"


async def test_a_proposal_is_declined(floor: Program, key: str, name: str) -> None:
    async with (
        asked(floor, key, name, f"{name}要动身了吗") as (desk, offer),
        signed_in(floor, "owner", floor.owner_password) as lead,
    ):
        entry = offer["items"][0]["entry"] if offer["items"] else await _any_entry(lead)
        about = {"conversation": offer["conversation"], "seq": 1, "entry": entry}
        assert (await desk.call("teach", **about))["state"] == "proposed"
        (one,) = (await lead.get("/proposals", "Proposals"))["items"]
        assert await lead.post(f"/proposals/{one['id']}/decline") == (200, {})
        assert await lead.get("/proposals", "Proposals") == {"items": [], "total": 0}
        assert (await desk.call("teach", **about, undo=True))["state"] == "absent"


async def _any_entry(lead: Api) -> str:
    return str((await lead.get("/entries"))["items"][0]["id"])


def _chat(offer: dict[str, Any]) -> dict[str, str]:
    return {"conversation": offer["conversation"]}


async def test_a_similar_question_over_http(floor: Program, name: str) -> None:
    async with signed_in(floor, "owner", floor.owner_password) as lead:
        (entry,) = (await lead.get("/entries?q=smshfh"))["items"][:1]
        path, words = f"/entries/{entry['id']}/similar", f"{name}几时动身"
        stale = {"text": words, "revision": entry["revision"] + 1}
        for body, status, named in (
            (stale, 409, "revision"),
            ({"text": "长" * 501}, 400, "501"),
            ({"text": "12345"}, 400, "letter"),
            ({"text": " "}, 400, "text"),
            ({"text": words, "colour": 1}, 400, "colour"),
            ({}, 400, "text"),
        ):
            answer = await lead.post(path, body)
            assert answer[0] == status, answer
            assert named in answer[1]["error"]["message"]
        assert (await lead.post("/entries/made-up/similar", {"text": words}))[0] == 404
        known = await lead.post(path, {"text": entry["question"]})
        assert (known[0], known[1]["revision"]) == (200, entry["revision"])
        added = await lead.post(path, {"text": words, "revision": entry["revision"]})
        assert (added[0], added[1]["similar"][-1]) == (200, words)
        assert added[1]["revision"] == entry["revision"] + 1


async def test_what_becomes_of_suggestions_is_counted(floor: Program, key: str, name: str) -> None:
    async with (
        asked(floor, key, name, SURE) as (desk, offer),
        signed_in(floor, "owner", floor.owner_password) as lead,
    ):
        first, second = (one["entry"] for one in offer["items"][:2])
        before = await counted(lead, first), await counted(lead, second)
        said = {"suggestion": {"entry": first, "edited": False}, **_chat(offer)}
        assert (await desk.say("马上", **said))["ok"]
        dismissed = {"for_seq": offer["for_seq"], "entry": second, **_chat(offer)}
        for undo in (False, False, True, False):
            assert await desk.call("reject", **dismissed, undo=undo) == {"ok": True}
        after = await counted(lead, first), await counted(lead, second)
        assert after[0]["taken"] == before[0]["taken"] + 1
        assert after[1]["rejected"] == before[1]["rejected"] + 1
        wrong = await desk.call("reject", **{**dismissed, "for_seq": 99})
        assert wrong["error"]["code"] == "not_found"


async def counted(lead: Api, entry: str) -> dict[str, Any]:
    found = await lead.get("/learning", "Learnt")
    nothing = {"shown": 0, "taken": 0, "edited": 0, "rejected": 0}
    return next((one for one in found["items"] if one["entry"] == entry), nothing)


async def test_learning_is_reset_and_restored(floor: Program, key: str, name: str) -> None:
    floor.hire(f"{name}主管", role="supervisor")
    async with (
        asked(floor, key, name, SURE) as (desk, offer),
        signed_in(floor, "owner", floor.owner_password) as lead,
        signed_in(floor, f"{name}主管") as supervisor,
        signed_in(floor, name) as own,
    ):
        frame = {"for_seq": 1, "entry": offer["items"][0]["entry"], **_chat(offer)}
        assert (await desk.call("reject", **frame))["ok"], "it is on record by now"
        before = await supervisor.get("/learning", "Learnt")
        assert before["total"]["rejected"] > 0
        assert (await own.http.get(f"{own.address}/learning")).status == 403
        for one in (own, supervisor):
            assert await one.delete("/learning") == 403
            assert (await one.post("/learning/restore"))[0] == 403
        assert await lead.delete("/learning") == 204
        empty = await lead.get("/learning", "Learnt")
        assert (empty["items"], empty["total"]["shown"], "since" in empty) == ([], 0, True)
        assert await lead.post("/learning/restore") == (200, {})
        after = await lead.get("/learning", "Learnt")
        assert (after["total"], "since" in after) == (before["total"], False)
        assert (await lead.post("/learning/restore"))[0] == 409
