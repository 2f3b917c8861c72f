"""The commands that read or change data, run where the database is open: by the server, or alone.

A request is what the command line made of its arguments: `{"name": "agent add", "args": {...}}`, a
file's bytes in base64. A reply is `{"code", "out", "err"}`, plus `file` where one is to be written.
"""

import base64
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import orjson

from console.desk.importing import Imported
from console.desk.inboxes import Inbox
from console.installation import Installation
from console.model.refusal import Refused
from console.model.words import Role
from knowledge import formats
from knowledge.formats import FULL

log = logging.getLogger(__name__)

MOST_SENTENCES = 100

Reply = dict[str, Any]
Args = dict[str, Any]
Command = Callable[[Installation, Args], Awaitable[Reply]]


async def run_request(installation: Installation, request: dict[str, Any]) -> Reply:
    """Do one command; a refusal, or a fault of ours, becomes exit code 1 with its reason."""
    name = str(request["name"])
    try:
        return await COMMANDS[name](installation, dict(request["args"]))
    except Refused as no:
        return reply(code=1, err=no.message)
    except Exception as fault:
        log.exception("command %s failed", name)
        return reply(code=1, err=f"{name}: {type(fault).__name__}: {fault}")


def reply(*, code: int = 0, out: str = "", err: str = "", **more: Any) -> Reply:
    return {"code": code, "out": out, "err": err, **more}


async def agent_add(installation: Installation, args: Args) -> Reply:
    agent = await installation.desk.entrance.add_agent(
        installation.shop_id,
        args["name"],
        password=args["password"],
        role=Role(args["role"]),
        capacity=args["capacity"],
        groups=args["group"],
    )
    shape = {"id": agent.id, "name": agent.name, "role": agent.role, "capacity": agent.capacity}
    return reply(out=_json(shape))


async def agent_list(installation: Installation, args: Args) -> Reply:
    rows: list[Args] = []
    for one in await installation.desk.entrance.agents(installation.shop_id):
        groups = [group.name for group in one.groups]
        rows.append(
            {
                "id": one.id,
                "name": one.name,
                "role": one.role,
                "capacity": one.capacity,
                "state": one.state,
                "groups": groups,
            }
        )
    if args["json"]:
        return reply(out="\n".join(_json(row) for row in rows))
    lines = [
        f"{row['name']}\t{row['role']}\t{row['state']}\t{row['capacity']}\t{','.join(row['groups'])}"
        for row in rows
    ]
    return reply(out="\n".join(lines))


async def inbox_add(installation: Installation, args: Args) -> Reply:
    inbox = await installation.desk.inboxes.add(
        installation.shop_id, args["kind"], args["name"], args["set"]
    )
    return reply(out=_json(_inbox(inbox)))


async def inbox_list(installation: Installation, args: Args) -> Reply:
    rows = [_inbox(one) for one in installation.desk.inboxes.all()]
    if args["json"]:
        return reply(out="\n".join(_json(row) for row in rows))
    return reply(out="\n".join(f"{row['kind']}\t{row['name']}\t{row['key']}" for row in rows))


async def kb_import(installation: Installation, args: Args) -> Reply:
    imported = await installation.desk.importing.import_file(
        installation.shop_id,
        base64.b64decode(args["file"]),
        file=args["label"],
        by=None,
        dry_run=args["dry_run"],
    )
    out = _report(imported, args) if args["json"] else _summary(imported)
    said = "\n".join(_sentences(imported, args["lang"]))
    return reply(code=1 if imported.failed else 0, out=out, err=said)


async def kb_export(installation: Installation, args: Args) -> Reply:
    named = formats.of_name(args["target"])
    form = args["format"] or (named.NAME if named else FULL)
    exporting, shop_id = installation.desk.exporting, installation.shop_id
    if form != FULL or args["encoding"]:
        data = await exporting.export_as(shop_id, form, args["encoding"])
    else:
        there = None if args["there"] is None else _text(base64.b64decode(args["there"]))
        data = (await exporting.export(shop_id, there)).encode()
    return reply(file=base64.b64encode(data).decode())


COMMANDS: dict[str, Command] = {
    "agent add": agent_add,
    "agent list": agent_list,
    "inbox add": inbox_add,
    "inbox list": inbox_list,
    "kb import": kb_import,
    "kb export": kb_export,
}


def _inbox(inbox: Inbox) -> dict[str, str]:
    return {
        "id": inbox.id,
        "key": inbox.key,
        "kind": inbox.kind,
        "name": inbox.name,
        "hook": f"/hooks/{inbox.id}",
    }


def _report(imported: Imported, args: Args) -> str:
    errors = [
        {"row": one.line, "field": one.field, "message": one.message(args["lang"])}
        for one in imported.findings
        if one.severity == "error"
    ]
    return _json(
        {
            "new": imported.new,
            "changed": imported.changed,
            "unchanged": imported.unchanged,
            "conflicts": imported.conflicts,
            "errors": errors,
        }
    )


def _summary(imported: Imported) -> str:
    if imported.failed:
        return ""
    counted = f"新增 new {imported.new}  变更 changed {imported.changed}  未变 unchanged"
    lines = [f"{counted} {imported.unchanged}"]
    if imported.conflicts:
        named = ", ".join(imported.conflicts)
        lines.append(f"两边都改过，未动 changed on both sides, left alone: {named}")
    return "\n".join(lines)


def _sentences(imported: Imported, lang: str) -> list[str]:
    """Errors; and for a table what was left out. What could be better in a faq.yaml, `kb check`
    says."""
    told = [one for one in imported.findings if one.severity == "error" or imported.format != FULL]
    lines = [f"{one.file}:{one.line}: {one.message(lang)}" for one in told[:MOST_SENTENCES]]
    more = len(told) - len(lines)
    return [*lines, f"… 还有 {more} 处 {more} more"] if more else lines


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as wrong:
        raise Refused("invalid", "the file that is there is not UTF-8, and stays") from wrong


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
