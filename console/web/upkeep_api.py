"""How good the knowledge is: which entries need a hand, and texts and answers tried out."""

from typing import Annotated

from aiohttp import web
from msgspec import Meta

from console.model.words import Role
from console.web import entry_wire, shapes, wire
from console.web import upkeep_answers as answers
from console.web.language import language
from console.web.routes import DESK, SESSION, Routes, json

routes = Routes()

MOST_TEXTS = 50
MOST_VARIANTS, MOST_VALUES = 50, 50

Answer = Annotated[str, Meta(max_length=shapes.MAX_TEXT)]
Asked = Annotated[str, Meta(max_length=shapes.MAX_TEXT, pattern=r"\S")]


class Match(shapes.Shape):
    """Texts as a shopper may write them, on a kind of channel, to a group."""

    texts: Annotated[list[Asked], Meta(min_length=1, max_length=MOST_TEXTS)]
    channel: shapes.Short = ""
    group: shapes.Short = ""


class Wording(shapes.Shape):
    """Another wording that is being written; an empty channel or level means any."""

    channel: shapes.Short = ""
    level: shapes.Short = ""
    answer: Answer = ""


class Written(shapes.Shape):
    """An answer that is being written; `values` fill its blanks."""

    answer: Answer
    variants: Annotated[tuple[Wording, ...], Meta(max_length=MOST_VARIANTS)] = ()
    values: Annotated[dict[shapes.Short, shapes.Short], Meta(max_length=MOST_VALUES)] | None = None


@routes.get("/api/upkeep", role=Role.SUPERVISOR, answer=answers.Upkeep)
async def upkeep(request: web.Request) -> web.Response:
    """Say which entries need a hand, and why."""
    found = await request.app[DESK].upkeep.report(request[SESSION].agent.shop_id)
    return json(entry_wire.upkeep(found, language(request)))


@routes.post("/api/match", role=Role.AGENT, body=Match, answer=answers.TriedTexts)
async def match(request: web.Request, asked: Match) -> web.Response:
    """Try texts out on the matcher, without a trace."""
    desk, agent = request.app[DESK], request[SESSION].agent
    found = await desk.trying.match(agent, asked.texts, channel=asked.channel, group=asked.group)
    limits = wire.limits(desk.prompter.limits(agent.shop_id))
    return json({"limits": limits, "items": [entry_wire.match(one) for one in found]})


@routes.post("/api/preview", role=Role.AGENT, body=Written, answer=answers.AnswerPreview)
async def preview(request: web.Request, asked: Written) -> web.Response:
    """Show how an answer reads on each channel."""
    shop_id = request[SESSION].agent.shop_id
    found = await request.app[DESK].trying.preview(
        shop_id, asked.answer, asked.variants, asked.values
    )
    return json(entry_wire.preview(found))
