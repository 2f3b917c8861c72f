"""A shopper and an agent over real sockets: order, repeats, reading, typing, suggestions."""

import asyncio
import json

from tests.clients import agent, shopper
from tests.program import Program
from tests.web.raw import raw

CROWD = 500


async def test_five_hundred_words_keep_their_order(floor: Program, key: str) -> None:
    async with raw(floor) as one:
        await one.join(key)
        for number in range(CROWD):
            frame = {"client_id": f"message-{number:04}", "text": f"第{number}句"}
            await one.send(f"42/widget,{number}{json.dumps(['say', frame])}")
        acked: list[int] = []
        while len(acked) < CROWD:
            answer = await one.until("43/widget,")
            acked.append(json.loads(answer[answer.index("[") :])[0]["seq"])
        assert acked == list(range(1, CROWD + 1))
        texts: list[str] = []
        more = True
        while more:
            page = await one.ask("sync", {"after": len(texts)}, ack=999)
            assert len(page["messages"]) <= 200
            texts += [message["text"] for message in page["messages"]]
            more = page["more"]
    assert texts == [f"第{number}句" for number in range(CROWD)]


async def test_a_stalled_reader_is_cut_and_comes_back_whole(
    floor: Program, key: str, name: str
) -> None:
    floor.hire(name)
    before = floor.said
    async with agent(floor, name) as desk, raw(floor) as stalled:
        await stalled.join(key)
        token = (await stalled.ask("sync", {}))["visitor"]
        await stalled.ask("say", {"client_id": "the-first", "text": "在吗"})
        held = (await desk.event("message"))["conversation"]
        said = 0
        while "slow reader cut" not in floor.said[len(before) :]:
            assert said < 1500, "nobody cut the reader"
            words = [
                desk.say(f"{said + one:08}" + "好" * 7900, conversation=held) for one in range(50)
            ]
            assert all(answer["ok"] for answer in await asyncio.gather(*words))
            said += 50
        await stalled.closed()
        assert (await desk.call("sync"))["ok"]
    async with shopper(floor, key, visitor=token) as shop:
        seen: list[int] = []
        more = True
        while more:
            page = await shop.call("sync", after=len(seen))
            seen += [message["seq"] for message in page["messages"]]
            more = page["more"]
        assert seen == list(range(1, said + 2))


async def test_a_repeat_is_known_on_both_sides(floor: Program, key: str, name: str) -> None:
    floor.hire(name)
    async with shopper(floor, key) as shop, agent(floor, name) as desk:
        first = await shop.say("什么时候发货", client_id="same-words")
        again = await shop.say("什么时候发货", client_id="same-words")
        assert {**first, "duplicate": True} == again
        other = await shop.say("别的话", client_id="same-words")
        assert other["error"]["code"] == "conflict"
        held = (await desk.event("message"))["conversation"]
        answered = await desk.say("今天", conversation=held, client_id="same-words")
        assert (answered["ok"], answered["duplicate"]) == (True, False)
        assert await desk.say("今天", conversation=held, client_id="same-words") == {
            **answered,
            "duplicate": True,
        }
        other = await desk.say("明天", conversation=held, client_id="same-words")
        assert other["error"]["code"] == "conflict"
        await shop.event("message", lambda one: one["text"] == "今天")
        assert [one["seq"] for one in (await shop.call("sync"))["messages"]] == [1, 2]
        assert shop.texts() == ["什么时候发货", "今天"]


async def test_two_orders_of_one_talk(floor: Program, key: str, name: str) -> None:
    floor.hire(name)
    async with shopper(floor, key) as shop, agent(floor, name) as desk:
        await shop.say("在吗")
        held = (await desk.event("message"))["conversation"]
        note = await desk.say("老客户", conversation=held, private=True)
        said = await desk.say("在的", conversation=held)
        assert (note["seq"], said["seq"]) == (2, 3)
        heard = await shop.event("message", lambda one: one["text"] == "在的")
        assert (heard["seq"], heard["author"]) == (2, {"kind": "agent", "name": name})
        state = await shop.call("sync")
        assert "老客户" not in str(state) + str(shop.events)
        assert [one["seq"] for one in state["messages"]] == [1, 2]
        seen = await desk.call("sync", cursors={held: 0})
        assert [(one["seq"], one.get("private")) for one in seen["messages"]] == [
            (1, None),
            (2, True),
            (3, None),
        ]
        assert held not in str([data for kind, data in shop.events if kind != "sync"])


async def test_reading_is_told_and_never_goes_back(floor: Program, key: str, name: str) -> None:
    floor.hire(name)
    async with shopper(floor, key) as shop, agent(floor, name) as desk:
        await shop.say("一")
        held = (await desk.event("message"))["conversation"]
        await desk.say("只给同事看", conversation=held, private=True)
        await shop.say("二")
        await desk.call("read", conversation=held, seq=3)
        assert (await shop.event("read"))["seq"] == 2
        await desk.say("好", conversation=held)
        await shop.event("message", lambda one: one["text"] == "好")
        await shop.call("read", seq=3)
        assert (await desk.event("read"))["seq"] == 4
        for seq in (1, 999):
            assert (await shop.call("read", seq=seq))["ok"]
        await desk.call("read", conversation=held, seq=1)
        mine = next(one for one in (await desk.call("sync"))["conversations"] if one["id"] == held)
        assert (mine["shopper_read"], mine["unread"]) == (4, 0)
        assert (await shop.call("sync"))["read"] == 3
        assert [data for kind, data in desk.events if kind == "read"] == [
            {"conversation": held, "seq": 4}
        ]


async def test_typing_is_passed_on_and_not_echoed(floor: Program, key: str, name: str) -> None:
    floor.hire(name)
    async with shopper(floor, key) as shop, agent(floor, name) as desk:
        await shop.say("在吗")
        held = (await desk.event("message"))["conversation"]
        await shop.call("typing", text="想问一下发")
        assert await desk.event("typing") == {"conversation": held, "text": "想问一下发"}
        await desk.call("typing", conversation=held)
        assert await shop.event("typing") == {}
        await desk.say("请讲", conversation=held)
        await desk.event("message", lambda one: one["text"] == "请讲")
        assert len([kind for kind, _ in desk.events if kind == "typing"]) == 1
        assert len([kind for kind, _ in shop.events if kind == "typing"]) == 1


async def test_a_recalled_message_is_gone_on_both_sides(
    floor: Program, key: str, name: str
) -> None:
    floor.hire(name)
    async with shopper(floor, key) as shop, agent(floor, name) as desk:
        await shop.say("在吗")
        held = (await desk.event("message"))["conversation"]
        await desk.say("记一下", conversation=held, private=True)
        slip = await desk.say("发错人了", conversation=held)
        assert (await desk.call("recall", conversation=held, seq=slip["seq"]))["ok"]
        assert await shop.event("recalled") == {"seq": 2}
        assert await desk.event("recalled") == {"conversation": held, "seq": 3}
        for client, after in ((shop, {"after": 1}), (desk, {"cursors": {held: 2}})):
            message = (await client.send("sync", after))["messages"][0]
            assert (message["text"], message["recalled"]) == ("", True)
        for seq in (1, 99):
            refused = await desk.call("recall", conversation=held, seq=seq)
            assert refused["error"]["code"] == "not_found"
        assert (await desk.call("recall", conversation=held, seq=3))["ok"]


async def test_a_new_conversation_asks_for_a_new_start(floor: Program, name: str) -> None:
    inbox = floor.open_inbox(f"at once {name}", reopen_hours="0")
    floor.hire(name)
    async with shopper(floor, inbox) as shop, agent(floor, name) as desk:
        await shop.say("第一次")
        held = (await desk.event("message"))["conversation"]
        assert (await desk.call("close", conversation=held, summary="好了"))["ok"]
        await shop.event("conversation", lambda one: one.get("stage") == "closed")
        again = await shop.say("第二次")
        assert again["seq"] == 1
        await shop.event("resync")
        state = await shop.call("sync", after=0)
        assert [one["text"] for one in state["messages"]] == ["第二次"]
        second = await desk.event("message", lambda one: one["text"] == "第二次")
        assert second["conversation"] != held


async def test_coming_back_soon_goes_on_with_the_same(floor: Program, key: str, name: str) -> None:
    floor.hire(name)
    async with shopper(floor, key) as shop, agent(floor, name) as desk:
        await shop.say("第一次")
        held = (await desk.event("message"))["conversation"]
        await desk.call("close", conversation=held)
        assert (await shop.say("还有"))["seq"] == 2
        more = await desk.event("message", lambda one: one["text"] == "还有")
        assert more["conversation"] == held
        assert "resync" not in [kind for kind, _ in shop.events]


async def test_suggestions_asked_and_unasked(floor: Program, key: str, name: str) -> None:
    floor.hire(name)
    asked = "什么时候发货？"
    async with shopper(floor, key) as shop, agent(floor, name) as desk:
        await shop.say(asked)
        offered = await desk.event("suggestions", lambda one: bool(one["items"]))
        assert offered["for_seq"] == 1
        held = offered["conversation"]
        answer = await desk.call("suggest", conversation=held, text=asked)
        scores = [one["score"] for one in answer["items"]]
        assert len(scores) >= 5
        assert scores == sorted(scores, reverse=True)
        first = answer["items"][0]
        assert first["entry"] == offered["items"][0]["entry"] == "fahuo-shijian"
        assert "{" not in first["text"]
        assert all(asked[start:end] for start, end in first["why"])
        assert first["why"]
        assert answer["limits"] == offered["limits"]
        nonsense = await desk.call("suggest", conversation=held, text="zzzz")
        assert nonsense["ok"]


async def test_rating_leaving_and_asking_for_a_person(floor: Program, key: str, name: str) -> None:
    floor.hire(name)
    async with shopper(floor, key) as shop, agent(floor, name) as desk:
        assert (await shop.call("rate", score=5))["error"]["code"] == "not_found"
        assert (await shop.call("human"))["ok"]
        held = (await desk.event("conversation"))["id"]
        assert (await shop.call("human"))["ok"]
        left = await shop.call("leave", contact="13800000000", text="请回电")
        assert left["ok"]
        message = await desk.event("message")
        assert (message["conversation"], message["text"]) == (held, "请回电")
        assert (await shop.call("rate", score=4, tags=["耐心"], comment="谢谢"))["ok"]
        rated = await desk.event("message", lambda one: one["kind"] == "rating")
        assert rated["rating"] == {"score": 4, "tags": ["耐心"], "comment": "谢谢"}
        assert (await shop.call("sync"))["conversation"]["rated"] == {"score": 4}
