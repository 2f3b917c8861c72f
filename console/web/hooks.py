"""`POST /hooks/{inbox}`: providers hand over what people wrote. Its channel verifies and reads it.

The answer comes after the durable commit of all that a call brought: a provider that hears anything
but 2xx, or nothing, sends it again, and what is here already is known by the provider's own id
(R16, R17).
"""

from dataclasses import replace

from aiohttp import web

from channels.base import BadPayload, Call, Forged, Heard, Hook, Inbound
from console.desk.inboxes import Inbox
from console.model.refusal import Refused
from console.web.routes import DESK, Routes
from console.web.shapes import check_texts

GREET_AS = "客户"

routes = Routes()


@routes.post("/hooks/{inbox}", role=None)
async def hook(request: web.Request) -> web.Response:
    desk = request.app[DESK]
    inbox = desk.inboxes.by_id(request.match_info["inbox"])
    channel = None if inbox is None else desk.inboxes.hook(inbox)
    if inbox is None or channel is None:
        raise Refused("not_found", f"no inbox {request.match_info['inbox'][:64]} with a hook")
    heard = _read(channel, inbox, await _call(request), request)
    for inbound in heard.inbound:
        check_texts({"person": inbound.person, "text": inbound.text, "name": inbound.name})
        await _accept(request, inbox, inbound)
    return web.Response(text=heard.answer, content_type=heard.answer_type)


async def _call(request: web.Request) -> Call:
    names = {name.lower(): value for name, value in request.headers.items()}
    return Call(names, await request.read())


def _read(channel: type[Hook], inbox: Inbox, call: Call, request: web.Request) -> Heard:
    try:
        return channel.receive(inbox.config, call, request.app[DESK].clock())
    except Forged as wrong:
        raise Refused("forbidden", str(wrong)) from wrong
    except BadPayload as wrong:
        raise Refused("invalid", f"`{wrong.field}`: {wrong}") from wrong


async def _accept(request: web.Request, inbox: Inbox, inbound: Inbound) -> None:
    desk = request.app[DESK]
    identity_id = await desk.entrance.person(inbox, inbound.person, inbound.name, greet_as=GREET_AS)
    await desk.intake.accept(inbox, replace(inbound, person=identity_id))
