"""Bad frames on both namespaces: one clear error that names the field, and nothing changed."""

from typing import Any

import pytest

from tests.clients import Client, agent, shopper
from tests.program import Program

ID = "0" * 20
LONG = "好" * 8001
SAID = {"client_id": "abcdefgh", "text": "你好"}
CARD = {"title": "茶"}

# event, frame, code, what the message names
WIDGET: list[tuple[str, Any, str, str]] = [
    ("sync", {"after": -1}, "invalid", "after"),
    ("sync", {"after": "0"}, "invalid", "after"),
    ("sync", {"after": 1.5}, "invalid", "after"),
    ("sync", {"after": 2**60}, "invalid", "after"),
    ("sync", {"since": 0}, "invalid", "since"),
    ("sync", [], "invalid", "object"),
    ("sync", "after", "invalid", "object"),
    ("say", {"text": "你好"}, "invalid", "client_id"),
    ("say", {**SAID, "client_id": "short"}, "invalid", "client_id"),
    ("say", {**SAID, "client_id": "a" * 65}, "invalid", "client_id"),
    ("say", {**SAID, "client_id": "with space"}, "invalid", "client_id"),
    ("say", {**SAID, "client_id": 12345678}, "invalid", "client_id"),
    ("say", {**SAID, "text": 1}, "invalid", "text"),
    ("say", {**SAID, "text": ""}, "invalid", "text"),
    ("say", {**SAID, "text": " \n "}, "invalid", "text"),
    ("say", {**SAID, "text": "a\x00b"}, "invalid", "text"),
    ("say", {**SAID, "text": LONG}, "too_large", "text"),
    ("say", {**SAID, "conversation": ID}, "invalid", "conversation"),
    ("say", {**SAID, "private": True}, "invalid", "private"),
    ("say", {**SAID, "kind": "event"}, "invalid", "kind"),
    ("say", {**SAID, "kind": "product"}, "invalid", "product"),
    ("say", {**SAID, "product": CARD}, "invalid", "product"),
    ("say", {**SAID, "kind": "product", "product": {}}, "invalid", "title"),
    ("say", {**SAID, "kind": "product", "product": {**CARD, "x": 1}}, "invalid", "`x`"),
    ("say", {**SAID, "kind": "product", "product": {"title": "a\x00"}}, "invalid", "NUL"),
    (
        "say",
        {**SAID, "kind": "product", "product": {**CARD, "url": "javascript:alert(1)"}},
        "invalid",
        "url",
    ),
    ("say", {**SAID, "kind": "order", "order": {"uid": 5}}, "invalid", "uid"),
    (
        "say",
        {**SAID, "kind": "order", "order": {"uid": "5", "goods": [CARD] * 51}},
        "invalid",
        "goods",
    ),
    ("typing", {"text": LONG}, "too_large", "text"),
    ("typing", {"text": 5}, "invalid", "text"),
    ("read", {}, "invalid", "seq"),
    ("read", {"seq": None}, "invalid", "seq"),
    ("human", {"now": True}, "invalid", "now"),
    ("rate", {"score": 6}, "invalid", "score"),
    ("rate", {"score": 0}, "invalid", "score"),
    ("rate", {"score": True}, "invalid", "score"),
    ("rate", {"score": 5, "tags": ["a" * 41]}, "invalid", "tags"),
    ("rate", {"score": 5, "comment": "a\x00"}, "invalid", "NUL"),
    ("leave", {"contact": "1", "text": "x"}, "invalid", "contact"),
    ("leave", {"contact": "13800000000", "text": LONG}, "too_large", "text"),
    ("leave", {"contact": "138\x000000", "text": "x"}, "invalid", "NUL"),
    ("page", {"title": "x"}, "invalid", "url"),
    ("page", {"url": "/\x00", "title": "x"}, "invalid", "NUL"),
    ("nonsense", {}, "invalid", "nonsense"),
    ("take", {}, "invalid", "take"),
]
DESK: list[tuple[str, Any, str, str]] = [
    ("sync", {"cursors": {"x": -1}}, "invalid", "cursors"),
    ("sync", {"cursors": []}, "invalid", "cursors"),
    ("sync", {"cursors": {str(one): 0 for one in range(2001)}}, "invalid", "cursors"),
    ("say", {**SAID}, "invalid", "conversation"),
    ("say", {**SAID, "conversation": ID, "text": ""}, "invalid", "text"),
    ("say", {**SAID, "conversation": ID, "text": " "}, "invalid", "text"),
    ("say", {**SAID, "conversation": ID, "text": LONG}, "too_large", "text"),
    ("say", {**SAID, "conversation": ID, "text": "\x00"}, "invalid", "text"),
    ("say", {**SAID, "conversation": ID, "private": 1}, "invalid", "private"),
    ("say", {**SAID, "conversation": ID, "suggestion": {}}, "invalid", "entry"),
    ("say", {**SAID, "conversation": "x\x00"}, "invalid", "NUL"),
    ("take", {"id": ID}, "invalid", "id"),
    ("hand_over", {"conversation": ID}, "invalid", "to_agent"),
    ("hand_over", {"conversation": ID, "to_agent": ID, "to_group": ID}, "invalid", "to_group"),
    ("hand_over", {"conversation": ID, "to_group": ID, "note": LONG}, "invalid", "note"),
    ("hand_over", {"conversation": ID, "to_group": ID, "note": "\x00"}, "invalid", "NUL"),
    ("close", {"conversation": ID, "summary": "a" * 2001}, "invalid", "summary"),
    ("available", {"state": "asleep"}, "invalid", "state"),
    ("available", {}, "invalid", "state"),
    ("read", {"conversation": ID}, "invalid", "seq"),
    ("recall", {"conversation": ID, "seq": "1"}, "invalid", "seq"),
    ("suggest", {"conversation": ID, "text": LONG}, "too_large", "text"),
    ("reject", {"conversation": ID, "entry": "x"}, "invalid", "for_seq"),
    ("reject", {"conversation": ID, "for_seq": 1}, "invalid", "entry"),
    ("reject", {"conversation": ID, "for_seq": -1, "entry": "x"}, "invalid", "for_seq"),
    ("reject", {"conversation": ID, "for_seq": 1, "entry": "x", "undo": 1}, "invalid", "undo"),
    ("teach", {"conversation": ID, "entry": "x"}, "invalid", "seq"),
    ("teach", {"conversation": ID, "seq": 1, "entry": ""}, "invalid", "entry"),
    ("teach", {"conversation": ID, "seq": 1, "entry": "x", "text": "x"}, "invalid", "text"),
    ("rate", {"score": 5}, "invalid", "rate"),
]
# every verb on a conversation that is not there for this agent
VERBS: list[tuple[str, dict[str, Any]]] = [
    ("say", SAID),
    ("take", {}),
    ("hand_over", {"to_group": "售前"}),
    ("close", {}),
    ("reopen", {}),
    ("read", {"seq": 1}),
    ("typing", {}),
    ("recall", {"seq": 1}),
    ("suggest", {"text": "发货"}),
    ("reject", {"for_seq": 1, "entry": "x"}),
    ("teach", {"seq": 1, "entry": "x"}),
]


async def test_shoppers_frames(floor: Program, key: str) -> None:
    async with shopper(floor, key) as shop:
        assert (await shop.say("在吗"))["ok"]
        before = await shop.call("sync", after=0)
        wrong = [found for one in WIDGET if (found := await misread(shop, *one))]
        assert wrong == []
        assert await shop.call("sync", after=0) == before


async def test_agents_frames(floor: Program, key: str, name: str) -> None:
    floor.hire(name)
    async with shopper(floor, key) as shop, agent(floor, name) as desk:
        assert (await shop.say("在吗"))["ok"]
        held = await desk.event("conversation")
        before = await desk.call("sync", cursors={held["id"]: 0})
        wrong = [found for one in DESK if (found := await misread(desk, *one))]
        assert wrong == []
        assert await desk.call("sync", cursors={held["id"]: 0}) == before


async def misread(client: Client, event: str, frame: Any, code: str, named: str) -> str:
    """Empty when the frame was refused as it should be."""
    answer = await client.send(event, frame)
    error = answer.get("error", {})
    right = not answer["ok"] and error["code"] == code and named in error["message"]
    return "" if right else f"{event} {str(frame)[:80]}: {answer}"


async def test_an_event_carries_one_object(house: Program, key: str) -> None:
    async with shopper(house, key) as shop:
        answer = await shop.send("sync", ({"after": 0}, {"after": 0}))
        assert answer["error"]["code"] == "invalid"


@pytest.mark.parametrize("conversation", [ID, "', 'x", "../../etc/passwd"])
async def test_what_is_not_there_is_not_found(house: Program, name: str, conversation: str) -> None:
    house.hire(name)
    async with agent(house, name) as desk:
        for verb, frame in VERBS:
            answer = await desk.send(verb, {"conversation": conversation, **frame})
            assert answer["error"]["code"] == "not_found", (verb, answer)


async def test_another_groups_conversation_is_not_found(floor: Program, name: str) -> None:
    after_sale = floor.open_inbox(f"inbox of {name}", group="售后")
    floor.hire(name, "售前")
    async with shopper(floor, after_sale) as shop, agent(floor, name) as desk:
        assert (await shop.say("退货"))["ok"]
        async with agent(floor, "owner", floor.owner_password) as lead:
            held = (await lead.call("sync"))["conversations"][0]
            for verb, frame in VERBS:
                answer = await desk.send(verb, {"conversation": held["id"], **frame})
                assert answer["error"]["code"] == "not_found", (verb, answer)
            state = await desk.call("sync", cursors={held["id"]: 0})
            assert (state["conversations"], state["messages"]) == ([], [])
            assert (await lead.call("sync"))["conversations"][0]["last_seq"] == 1
        assert [one for one, _ in desk.events if one in ("message", "conversation")] == []
