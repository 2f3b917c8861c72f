"""Files of entries over HTTP, in and out. A file is the body itself: the client keeps it, and sends
it again once somebody has looked at what it would do.
"""

import asyncio
import logging
from contextlib import suppress
from typing import Literal
from urllib.parse import quote

import orjson
from aiohttp import web

from console.desk.choosing import Rows
from console.desk.importing import Run
from console.model.refusal import Refused
from console.model.words import Role
from console.web import import_answers as answers
from console.web import import_wire, shapes, wire
from console.web.door import PATIENCE
from console.web.language import language
from console.web.routes import DESK, NDJSON, SESSION, Raw, Routes, json

log = logging.getLogger(__name__)

routes = Routes()

LARGEST = 20 * 1024 * 1024
# A line over a slow network: a file of the largest size in two minutes needs 1.4 Mbit/s.
FILE_WITHIN_S = 120.0
# What is wrong with a file that is read so soon is said by the status; later, the answer has begun.
FIRST_S = 1.0
LINE_S = 0.1


class Import(shapes.Shape):
    """Which file, and which of its rows. All but `name` says nothing of a dry run."""

    name: shapes.Short
    dry_run: bool = False
    take: str | None = None
    conflicts: str | None = None


class Keep(shapes.Shape):
    """Whether what has changed since stays."""

    keep_changed: bool = False


class Export(shapes.Shape):
    """The format, and for 千牛 the encoding."""

    format: Literal["faq", "qianniu", "workbook", "lhc"]
    encoding: Literal["gbk", "utf8"] | None = None


@routes.post(
    "/api/imports", role=Role.SUPERVISOR, query=Import, body=Raw(),
    answer=(answers.ImportLook, Raw(NDJSON, line=answers.ImportLine)), refuses=("conflict",),
)  # fmt: skip
async def import_file(request: web.Request, asked: Import) -> web.StreamResponse:
    """Say what a file of entries would do, or do it.

    The body is the file. With `dry_run` the answer says of every row what it would do, and nothing
    is written; without, the answer is lines of JSON that say how far it is, the last how it ended.
    """
    agent = request[SESSION].agent
    take, conflicts = _rows("take", asked.take), _rows("conflicts", asked.conflicts)
    file = asked.name.replace("\\", "/").rpartition("/")[2].strip()
    if not file:
        raise Refused("invalid", "`name`: the file needs its name")
    data = await _file(request)
    importing, spoken = request.app[DESK].importing, language(request)
    if asked.dry_run:
        look = await importing.look(agent.shop_id, data, file=file)
        shown = await importing.beside(lambda: import_wire.looked(look, spoken))
        return web.Response(
            body=shown, content_type="application/json", headers={"Cache-Control": "no-store"}
        )
    run = importing.begin(agent, data, file=file, take=take, conflicts=conflicts)
    return await _told(request, run)


@routes.get("/api/imports", role=Role.SUPERVISOR, answer=answers.ImportList)
async def imports(request: web.Request) -> web.Response:
    """List the latest imports."""
    found = await request.app[DESK].importing.recorded(request[SESSION].agent.shop_id)
    return json({"items": [import_wire.record(one) for one in found]})


@routes.post(
    "/api/imports/{id}/undo", role=Role.SUPERVISOR, body=Keep, answer=answers.ImportUndone,
    refuses=("conflict",),
)  # fmt: skip
async def undo_import(request: web.Request, asked: Keep) -> web.Response:
    """Take back all that an import did.

    Entries that have changed since are in the way, and named, unless `keep_changed` leaves them.
    """
    done = await request.app[DESK].importing.undo(
        request[SESSION].agent, request.match_info["id"], keep_changed=asked.keep_changed
    )
    return json(import_wire.undone(done))


@routes.get("/api/export", role=Role.SUPERVISOR, query=Export, answer=Raw())
async def export(request: web.Request, asked: Export) -> web.Response:
    """Download all entries as a file of a format."""
    desk = request.app[DESK]
    done = await desk.exporting.download(
        request[SESSION].agent.shop_id, import_wire.FORMATS[asked.format], asked.encoding
    )
    end = f"{desk.clock().astimezone().date().isoformat()}{done.extension}"
    named = f"attachment; filename=\"knowledge-{end}\"; filename*=UTF-8''{quote(f'知识库-{end}')}"
    return web.Response(
        body=done.data,
        headers={
            "Content-Type": done.media,
            "Content-Disposition": named,
            "Cache-Control": "no-store",
        },
    )


def _rows(name: str, text: str | None) -> Rows | None:
    return None if text in (None, "all") else Rows.parse(name, text or "")


async def _file(request: web.Request) -> bytes:
    """The body, past the limit that other bodies have. Raises Refused("too_large")."""
    if (wait := request.get(PATIENCE)) is not None:  # without a body nobody waits
        wait(FILE_WITHIN_S)
    refusal = Refused("too_large", f"the file is larger than {LARGEST // 1024 // 1024} MB")
    if (request.content_length or 0) > LARGEST:
        raise refusal
    pieces, size = [], 0
    async for piece in request.content.iter_any():
        size += len(piece)
        if size > LARGEST:
            raise refusal
        pieces.append(piece)
    return b"".join(pieces)


async def _told(request: web.Request, run: Run) -> web.StreamResponse:
    """Say how far it is, and in the last line how it ended. Who does not listen any more does not
    stop it."""
    with suppress(TimeoutError):
        async with asyncio.timeout(FIRST_S):
            await run.sound.wait()
    if run.task.done() and isinstance(no := run.task.result(), Refused):
        raise no
    response = web.StreamResponse(headers={"Content-Type": NDJSON, "Cache-Control": "no-store"})
    try:
        await response.prepare(request)
        while not run.task.done():
            await response.write(_line(import_wire.progress(run.progress)))
            await asyncio.wait({run.task}, timeout=LINE_S)
        await response.write(_line(import_wire.progress(run.progress)) + _line(_ended(run)))
        await response.write_eof()
    except ConnectionError:
        log.info("who brought a file is gone; it is imported all the same")
    return response


def _ended(run: Run) -> wire.Json:
    if run.task.cancelled() or run.task.exception() is not None:
        said = "the import was cut off; look at the list of imports"
        return {"error": wire.refusal(Refused("unavailable", said))}
    done = run.task.result()
    if isinstance(done, Refused):
        return {"error": wire.refusal(done)}
    return {"import": import_wire.record(done)}


def _line(shape: wire.Json) -> bytes:
    return orjson.dumps(shape) + b"\n"
