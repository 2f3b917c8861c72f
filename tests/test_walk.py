"""One message through everything real: a shopper's socket, the desk, the store, and back."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients import agent, shopper
from tests.program import PASSWORD, Program
from tests.servers import stop

ASKED = "什么时候发货？"
ANSWERED = "亲，付款后 48 小时内发货哦"


@pytest.fixture(params=["sqlite", "postgresql"])
def installed(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Program]:
    """A fresh installation on either database, running."""
    environ = {}
    if request.param == "postgresql":
        environ["CONSOLE_DATABASE_URL"] = request.getfixturevalue("postgres_url")
    one = Program(tmp_path / "data", environ=environ)
    one.start()
    yield one
    if one.process is not None:
        stop(one.process)


async def test_one_message_through_everything(installed: Program) -> None:
    program = installed
    program.add_agent("王芳", "--group", "售前")
    key = program.inbox_key()
    asked_as, answered_as = str(uuid.uuid4()), str(uuid.uuid4())

    async with agent(program, "王芳") as desk, shopper(program, key) as shop:
        hello = await shop.call("sync", after=0)
        assert hello["conversation"] == {"id": None, "stage": "robot", "last_seq": 0}
        assert hello["hot"], "the shipped faq.yaml offers questions"
        assert hello["online"]

        accepted = await shop.say(ASKED, client_id=asked_as)
        assert accepted["ok"]
        assert (accepted["seq"], accepted["duplicate"]) == (1, False)

        message = await desk.event("message")
        assert message["text"] == ASKED
        assert message["author"]["kind"] == "shopper"
        conversation = await desk.event("conversation")
        assert conversation["agent"]["name"] == "王芳"
        assert conversation["reason"] == "only_one"

        offered = await desk.event("suggestions", lambda one: bool(one["items"]))
        assert offered["for_seq"] == 1
        assert offered["items"][0]["entry"] == "fahuo-shijian"
        assert [ASKED[start:end] for start, end in offered["items"][0]["why"]] == ["什么时候发货"]

        said = await desk.say(
            ANSWERED,
            client_id=answered_as,
            conversation=message["conversation"],
            suggestion={"entry": "fahuo-shijian", "edited": True},
        )
        assert said["ok"]
        assert said["seq"] == 2
        heard = await shop.event("message", lambda one: one["author"]["kind"] == "agent")
        assert (heard["text"], heard["seq"], heard["author"]["name"]) == (ANSWERED, 2, "王芳")
        assert "conversation" not in heard

    program.kill()
    program.start()
    await all_is_still_there(
        program, key, visitor=hello["visitor"], first=accepted["id"], words=(asked_as, answered_as),
        conversation=message["conversation"],
    )  # fmt: skip


async def all_is_still_there(
    program: Program,
    key: str,
    *,
    visitor: str,
    first: str,
    words: tuple[str, str],
    conversation: str,
) -> None:
    """Both sides come back: the talk is whole, and saying it again stores nothing."""
    asked_as, answered_as = words
    async with shopper(program, key, visitor=visitor) as shop:
        back = await shop.call("sync", after=0)
        assert [(one["seq"], one["text"]) for one in back["messages"]] == [
            (1, ASKED),
            (2, ANSWERED),
        ]
        assert back["visitor"] == visitor
        again = await shop.say(ASKED, client_id=asked_as)
        assert (again["id"], again["seq"]) == (first, 1)
        assert again["duplicate"]
        other = await shop.say("别的话", client_id=asked_as)
        assert other["error"]["code"] == "conflict"

    async with agent(program, "王芳", PASSWORD) as desk:
        state = await desk.call("sync", cursors={conversation: 0})
        assert [one["text"] for one in state["messages"]] == [ASKED, ANSWERED]
        repeated = await desk.say(ANSWERED, client_id=answered_as, conversation=conversation)
        assert repeated["duplicate"]
