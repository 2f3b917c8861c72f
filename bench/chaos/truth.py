"""What is stored, as fresh clients read it from the beginning once everything is calm."""

import asyncio

import aiohttp

from bench.chaos.actor import shown_of
from bench.chaos.agent import Agent
from bench.chaos.ledger import Ledger, Shown
from bench.chaos.server import Shop
from bench.chaos.shopper import Shopper
from bench.chaos.signing_in import open_desk, sign_in
from bench.chaos.wire import Gone, Json, Line, open_line
from bench.programs import BenchFailed

WITHIN_S = 20.0
AT_ONCE = 8


async def read(
    http: aiohttp.ClientSession,
    shop: Shop,
    ledger: Ledger,
    *,
    shoppers: list[Shopper],
    agents: list[Agent],
) -> None:
    """Fill `stored` and `own`, and say which screens ought to be whole."""
    gate = asyncio.Semaphore(AT_ONCE)
    await asyncio.gather(*(_own(http, shop.port, ledger, one, gate=gate) for one in shoppers))
    named = {one.conversation for one in shoppers if one.conversation}
    named |= {screen.conversation for screen in ledger.screens.values()} - {
        one.secret for one in shoppers
    }
    holders = await _stored(http, shop, ledger, sorted(named))
    for agent in agents:
        for conversation, holder in holders.items():
            if holder == agent.id:
                ledger.screen(agent.name, conversation).whole = True
    for shopper in shoppers:
        ledger.screen(shopper.name, shopper.secret).whole = True


async def _own(
    http: aiohttp.ClientSession,
    port: int,
    ledger: Ledger,
    shopper: Shopper,
    *,
    gate: asyncio.Semaphore,
) -> None:
    """A shopper's own history, by their token, on a connection of its own."""
    auth = {"inbox": shopper.inbox, "visitor": shopper.visitor}
    if shopper.visitor is None:
        return
    async with gate:
        line = await open_line(http, port, "/widget", auth, hear=_ignore, raw=shopper.raw)
        try:
            own: list[Shown] = []
            more = True
            while more:
                after = own[-1].seq if own else 0
                state = await _asked(line, {"after": after})
                own += map(shown_of, state["messages"])
                more = state["more"]
        finally:
            await line.close()
    if state["visitor"] != shopper.visitor:
        raise BenchFailed(f"the token of {shopper.name} is not known any more")
    ledger.own[shopper.secret] = own


async def messages(
    http: aiohttp.ClientSession, shop: Shop, named: list[str]
) -> tuple[dict[str, list[Json]], dict[str, str | None]]:
    """Everything of these conversations as the owner reads it; and who has them now."""
    signed = await sign_in(http, shop.port, "owner", shop.owner_password())
    line = await open_desk(http, shop.port, signed, hear=_ignore, raw=lambda _: None)
    found: dict[str, list[Json]] = {id: [] for id in named}
    holders: dict[str, str | None] = {}
    try:
        for begin in range(0, len(named), AT_ONCE):
            part = named[begin : begin + AT_ONCE]
            more = True
            while more:
                cursors = {id: found[id][-1]["seq"] if found[id] else 0 for id in part}
                state = await _asked(line, {"cursors": cursors})
                for message in state["messages"]:
                    found[message["conversation"]].append(message)
                more = state["more"]
            for one in state["conversations"]:
                holders[one["id"]] = one.get("agent", {}).get("id")
    finally:
        await line.close()
    return found, holders


async def _stored(
    http: aiohttp.ClientSession, shop: Shop, ledger: Ledger, named: list[str]
) -> dict[str, str | None]:
    """Note what is stored of our conversations; returns who has them."""
    found, holders = await messages(http, shop, named)
    shown = {id: list(map(shown_of, each)) for id, each in found.items()}
    ledger.stored = {id: each for id, each in shown.items() if any(one.body for one in each)}
    return {id: agent for id, agent in holders.items() if id in ledger.stored}


async def _asked(line: Line, frame: Json) -> Json:
    try:
        state = await line.call("sync", frame, within=WITHIN_S)
    except Gone as gone:
        raise BenchFailed(f"the truth could not be read: {gone}") from gone
    if not state["ok"]:
        raise BenchFailed(f"the truth could not be read: {state['error']}")
    return state


def _ignore(event: str, payload: Json) -> None:
    """A reader of the truth asks; what is pushed to it meanwhile is not what it came for."""
