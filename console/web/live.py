"""What both namespaces share: events declared with shape and permission, one way to refuse."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from socketio.exceptions import ConnectionRefusedError as TurnedAway

from console.model.refusal import Refused
from console.model.words import Role
from console.telemetry import LiveFigures, clock
from console.web.limits import hold
from console.web.shapes import Shape, parse

log = logging.getLogger(__name__)

Ack = dict[str, Any]
Handler = TypeVar("Handler", bound=Callable[..., Awaitable[Ack | None]])

RANK = {Role.AGENT: 0, Role.SUPERVISOR: 1, Role.OWNER: 2}


@dataclass(frozen=True, slots=True)
class Declared:
    """What stands above a live command: its name, the shape of its frame, who may."""

    name: str
    shape: type[Shape] | None
    role: Role | None


def command(
    name: str, shape: type[Shape] | None, *, role: Role | None
) -> Callable[[Handler], Handler]:
    """Declare a socket event. `role` None is the shopper's side; `shape` None leaves the frame to
    the channel's adapter."""

    def mark(handler: Handler) -> Handler:
        handler.declared = Declared(name, shape, role)  # type: ignore[attr-defined]
        return handler

    return mark


class Commands:
    """All declared events of a namespace object by name, and the figures of their answers.

    `charge` raises Refused("rate_limited") for an event too many of a session, known or not.
    """

    def __init__(
        self,
        namespace: object,
        name: str,
        figures: LiveFigures,
        *,
        charge: Callable[[str, Any], None],
    ) -> None:
        self.charge = charge
        self.table: dict[str, tuple[Declared, Callable[..., Awaitable[Ack | None]]]] = {}
        for attribute in dir(type(namespace)):
            handler = getattr(namespace, attribute)
            declared = getattr(handler, "declared", None)
            if declared is not None:
                self.table[declared.name] = (declared, handler)
        self.figures = figures
        self.clocks = figures.events(name, list(self.table))


async def answer(
    commands: Commands, event: str, session: Any, args: tuple[Any, ...], role: Role | None
) -> Ack:
    """Run one event and shape its acknowledgement; nothing raised leaves here."""
    begun, figures = clock(), commands.figures
    figures.answering += 1
    try:
        ack = await _answer(commands, event, session, args, role)
    finally:
        figures.answering -= 1
    if event in commands.clocks:
        commands.clocks[event].add(clock() - begun)
    if not ack["ok"]:
        code = ack["error"]["code"]
        figures.refused["socket", code] += 1
        await hold(code)
    return ack


def turned_away(no: Refused) -> TurnedAway:
    """A refused connect: clients find the code under `data` of the error packet."""
    return TurnedAway(no.message, {"code": no.code, "message": no.message})


def refusal(no: Refused) -> Ack:
    return {"ok": False, "error": {"code": no.code, "message": no.message}}


async def _answer(
    commands: Commands, event: str, session: Any, args: tuple[Any, ...], role: Role | None
) -> Ack:
    try:
        commands.charge(event, session)
        if event not in commands.table:
            raise Refused("invalid", f"no event `{event[:40]}`")
        declared, handler = commands.table[event]
        if declared.role is not None and (role is None or RANK[role] < RANK[declared.role]):
            raise Refused("forbidden", f"`{event}` needs the role {declared.role}")
        if len(args) > 1:
            raise Refused("invalid", "an event carries one object")
        frame = args[0] if args else {}
        read = frame if declared.shape is None else parse(frame, declared.shape)
        return await handler(session, read) or {"ok": True}
    except Refused as no:
        return refusal(no)
    except Exception:
        log.exception("event %s failed", event, extra=session.about)
        return refusal(Refused("unavailable", "something went wrong here; try again"))
