"""An agent whose connection is gone, seen from outside: what others are told, what is found later.

A server of its own, because the grace period is a second here.
"""

from pathlib import Path

from tests.clients import agent, shopper
from tests.program import Program
from tests.servers import stop
from tests.web.conftest import owner
from tests.web.test_wire import mismatches


async def test_an_agent_drops_and_finds_what_moved(tmp_path: Path) -> None:
    program = Program(
        tmp_path / "data", environ={"CONSOLE_RATE_LIMITS": "off", "CONSOLE_AGENT_GRACE_S": "1"}
    )
    program.start()
    try:
        await drops_and_returns(program)
    finally:
        assert program.process is not None
        stop(program.process)


async def drops_and_returns(program: Program) -> None:
    program.hire("王芳")
    async with owner(program) as lead, shopper(program, program.inbox_key()) as shop:
        await lead.call("available", state="busy")
        async with agent(program, "王芳") as desk:
            await shop.say("什么时候发货？")
            held = (await desk.event("message"))["conversation"]
        await lead.event("presence", lambda one: one["name"] == "王芳" and not one["online"])
        back = await lead.event(
            "conversation", lambda one: one["stage"] == "waiting" and one["last_seq"] == 2
        )
        assert (back["id"], back["queue"]["place"], back.get("agent")) == (held, 1, None)
        note = await lead.event("message", lambda one: "released" in one)
        assert mismatches(note, "Message", "note") == []
        assert note["released"] == {"agent": "王芳"}
        await shop.event("conversation", lambda one: one.get("stage") == "waiting")
        assert (await lead.call("take", conversation=held))["ok"]
        async with agent(program, "王芳", sync=False) as desk:
            state = await desk.call("sync", cursors={held: 1})
            (seen,) = state["conversations"]
            assert (seen["id"], seen["agent"]["name"]) == (held, "owner")
            assert [one["seq"] for one in state["messages"]] == [2]
        assert shop.texts() == ["什么时候发货？"], (
            "the shopper is not told of our comings and goings"
        )
