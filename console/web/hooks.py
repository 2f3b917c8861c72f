"""`POST /hooks/{inbox}`: providers hand over what people wrote. Its channel verifies and reads it.

The answer comes after the durable commit of all that a call brought: a provider that hears anything
but 2xx, or nothing, sends it again, and what is here already is known by the provider's own id
(R16, R17). `GET` is how some of them try the address before they use it.
"""

from dataclasses import replace

from aiohttp import web

from channels.base import BadPayload, Call, Forged, Heard, Hook, Inbound
from console.desk.inboxes import Inbox
from console.model.refusal import Refused
from console.web.replays import REPLAYS
from console.web.routes import DESK, Routes
from console.web.shapes import check_texts

GREET_AS = "客户"

routes = Routes()


@routes.get("/hooks/{inbox}", role=None)
async def verify(request: web.Request) -> web.Response:
    inbox, desk = _inbox(request), request.app[DESK]
    verifier = desk.inboxes.verifier(inbox)
    if verifier is None:
        raise _unknown(request)
    try:
        answer = verifier.verify(inbox.config, await _call(request), desk.clock())
    except Forged as wrong:
        raise _forged(request, inbox, wrong) from wrong
    await desk.checking.heard(inbox)
    return web.Response(text=answer)


@routes.post("/hooks/{inbox}", role=None)
async def hook(request: web.Request) -> web.Response:
    inbox, desk = _inbox(request), request.app[DESK]
    channel = desk.inboxes.hook(inbox)
    if channel is None:
        raise _unknown(request)
    heard = _read(channel, inbox, await _call(request), request)
    await desk.checking.heard(inbox)
    if not (heard.once and request.app[REPLAYS].answered(inbox.id, heard.once)):
        for inbound in heard.inbound:
            check_texts({"person": inbound.person, "text": inbound.text, "name": inbound.name})
            await _accept(request, inbox, inbound, first_wins=heard.first_wins)
        if heard.ring is not None:
            await desk.feeds.ring(inbox, heard.ring)
        if heard.once:
            request.app[REPLAYS].keep(inbox.id, heard.once)
    return web.Response(text=heard.answer, content_type=heard.answer_type)


def _inbox(request: web.Request) -> Inbox:
    inbox = request.app[DESK].inboxes.by_id(request.match_info["inbox"])
    if inbox is None:
        raise _unknown(request)
    return inbox


def _unknown(request: web.Request) -> Refused:
    return Refused("not_found", f"no inbox {request.match_info['inbox'][:64]} with a hook")


async def _call(request: web.Request) -> Call:
    names = {name.lower(): value for name, value in request.headers.items()}
    return Call(names, await request.read(), dict(request.query))


def _read(channel: type[Hook], inbox: Inbox, call: Call, request: web.Request) -> Heard:
    try:
        return channel.receive(inbox.config, call, request.app[DESK].clock())
    except Forged as wrong:
        raise _forged(request, inbox, wrong) from wrong
    except BadPayload as wrong:
        raise Refused("invalid", f"`{wrong.field}`: {wrong}") from wrong


def _forged(request: web.Request, inbox: Inbox, wrong: Forged) -> Refused:
    request.app[DESK].checking.turned_away(inbox, wrong)
    return Refused("forbidden", str(wrong))


async def _accept(
    request: web.Request, inbox: Inbox, inbound: Inbound, *, first_wins: bool
) -> None:
    desk = request.app[DESK]
    identity_id = await desk.entrance.person(
        inbox, inbound.person, inbound.name, greet_as=GREET_AS, portrait=inbound.portrait
    )
    await desk.intake.accept(inbox, replace(inbound, person=identity_id), first_wins=first_wins)
