"""The register of who is connected is the library's own in all but the search through everybody."""

from typing import Any

import socketio

from console.web.register import Register


class Unsearchable(dict[str, Any]):
    """Rooms that nobody may look through."""

    def copy(self) -> "Unsearchable":
        raise AssertionError("looked through everybody")


def state(one: socketio.AsyncManager) -> dict[str, Any]:
    rooms = {
        space: {room: dict(sids) for room, sids in rooms.items()}
        for space, rooms in one.rooms.items()
    }
    pending = {"connect": one.pending_connect, "disconnect": one.pending_disconnect}
    return {"rooms": rooms, "callbacks": set(one.callbacks), **pending}


def managers() -> tuple[socketio.AsyncManager, Register]:
    one, other = socketio.AsyncManager(), Register()
    for manager in (one, other):
        socketio.AsyncServer(client_manager=manager)
    return one, other


async def test_every_step_leaves_what_the_library_leaves() -> None:
    theirs, ours = managers()
    named: dict[str, dict[str, str]] = {"theirs": {}, "ours": {}}
    for one, names in ((theirs, named["theirs"]), (ours, named["ours"])):
        for eio_sid in "abc":
            names[eio_sid] = await one.pre_connect(eio_sid, "/widget")
        await one.connect(names["a"], "/widget")
        await one.connect(names["b"], "/widget")
        one.callbacks[names["a"]] = {1: print}
        one.pre_disconnect(names["a"], "/widget")
        for gone in "ac":
            one.basic_disconnect(names[gone], "/widget")
        one.basic_disconnect("unknown", "/widget")
        one.basic_disconnect("unknown", "/nowhere")
    rename = {named["theirs"][one]: named["ours"][one] for one in "abc"}
    told = repr(state(theirs))
    for old, new in rename.items():
        told = told.replace(old, new)
    assert told == repr(state(ours))
    for one, names in ((theirs, named["theirs"]), (ours, named["ours"])):
        one.basic_disconnect(names["b"], "/widget")
        assert one.rooms == {}


async def test_nobody_looks_through_everybody() -> None:
    _, ours = managers()
    first = await ours.connect("a", "/widget")
    second = await ours.connect("b", "/widget")
    ours.rooms["/widget"] = Unsearchable(ours.rooms["/widget"])
    ours.basic_disconnect(first, "/widget")
    assert ours.sid_from_eio_sid("a", "/widget") is None
    assert ours.sid_from_eio_sid("b", "/widget") == second
