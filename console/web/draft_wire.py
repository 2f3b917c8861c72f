"""The part of the JSON frontier about what agents write for the knowledge; in TypeScript it is
static/src/shared/draft-wire.ts."""

from console.desk.library import Library
from console.desk.usage import Used
from console.model.draft import Draft
from console.web.wire import Json, stamp


def used(one: Used) -> Json:
    return {
        "entry": one.entry,
        "sent": one.sent,
        "edited": one.edited,
        "mine": one.mine,
        "last": one.last.isoformat(),
    }


def draft(one: Draft, library: Library) -> Json:
    """A draft; `question` is that of the entry it would change, or of the new one."""
    entry = library.entry(one.shop_id, one.entry_id) if one.entry_id else None
    shape: Json = {
        "id": one.id,
        "entry": one.entry_id,
        "revision": one.revision,
        "question": entry.question if entry else str(one.fields.get("question", "")),
        "fields": one.fields,
        "note": one.note,
        "by": {"id": one.agent_id, "name": one.agent_name},
        "at": stamp(one.at),
        "state": one.state,
    }
    if one.conversation_id is not None:
        shape |= {"conversation": one.conversation_id, "seq": one.seq}
    if one.decided_at is not None:
        shape |= {
            "decided": {"by": one.decided_by or "", "at": stamp(one.decided_at)},
            "reason": one.reason,
        }
    return shape
