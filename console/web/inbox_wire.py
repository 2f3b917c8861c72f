"""What owners see of channel accounts: everything but their secrets, and the forms of the kinds."""

from collections.abc import Sequence
from typing import Any

from channels.base import Finding
from console.desk.forms import Field
from console.desk.inboxes import Inbox, Inboxes

Json = dict[str, Any]


def listed(found: Sequence[Inbox], inboxes: Inboxes) -> Json:
    kinds = [
        {
            "kind": kind,
            "check": inboxes.abilities(kind).check or inboxes.abilities(kind).hook,
            "fields": [_field(one) for one in inboxes.form(kind)],
        }
        for kind in inboxes.known
    ]
    return {"items": [inbox(one, inboxes) for one in found], "kinds": kinds}


def inbox(one: Inbox, inboxes: Inboxes) -> Json:
    form = inboxes.form(one.kind)
    values = {each.name: getattr(one.config, each.name) for each in form}
    shape: Json = {
        "id": one.id,
        "key": one.key,
        "kind": one.kind,
        "name": one.name,
        "config": {each.name: values[each.name] for each in form if not each.secret},
        "secrets": {each.name: bool(values[each.name]) for each in form if each.secret},
        "disabled": one.disabled,
    }
    return {**shape, "hook": f"/hooks/{one.id}"} if inboxes.hook(one) is not None else shape


def checked(findings: Sequence[Finding], lang: str) -> Json:
    told = [{"level": one.level, "message": one.en if lang == "en" else one.zh} for one in findings]
    return {"ok": all(one.level != "error" for one in findings), "findings": told}


def _field(one: Field) -> Json:
    shape: Json = {
        "name": one.name,
        "type": one.type,
        "secret": one.secret,
        "required": one.required,
        "default": one.default,
    }
    limits = {"min": one.least, "max": one.most, "max_length": one.longest}
    shape |= {name: value for name, value in limits.items() if value is not None}
    return {**shape, "choices": list(one.choices)} if one.choices else shape
