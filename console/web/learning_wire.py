"""The part of the JSON frontier that shows what the shop's own use teaches; in TypeScript it is
static/src/shared/wire.ts."""

from dataclasses import asdict

from console.desk.gaps import Gap
from console.desk.gating import GateState
from console.desk.learning import Learnt
from console.model.proposal import Proposal
from console.model.words import from_ms
from console.web.wire import Json, stamp


def proposal(one: Proposal, question: str) -> Json:
    """A similar question that waits for a lead."""
    return {
        "id": one.id,
        "entry": one.entry_id,
        "question": question,
        "text": one.text,
        "by": {"id": one.agent_id, "name": one.agent_name},
        "at": stamp(one.at),
    }


def learnt(one: Learnt) -> Json:
    """What the shop's own use says of its entries, and why."""
    items = [
        {
            "entry": entry,
            "question": one.questions.get(entry, ""),
            **asdict(explained.whole),
            "groups": [
                {"id": group, "name": one.groups.get(group, ""), **asdict(part)}
                for group, part in explained.groups.items()
            ],
            "channels": [
                {"kind": kind, **asdict(part)} for kind, part in explained.channels.items()
            ],
        }
        for entry, explained in one.entries.items()
    ]
    total = {key: value for key, value in asdict(one.total).items() if key != "lift"}
    shape: Json = {"items": items, "total": total}
    return {**shape, "since": stamp(one.since)} if one.since else shape


def gates(state: GateState) -> Json:
    """The limits of a shop, and what its log says of them."""
    return {
        "gates": asdict(state.gates),
        "shipped": asdict(state.shipped),
        "fitted": None if state.fitted is None else asdict(state.fitted),
        "evidence": {**asdict(state.evidence), "needed": state.needed},
    }


def gap(one: Gap) -> Json:
    """A group of questions that no entry answers."""
    return {
        "id": one.id,
        "text": one.text,
        "count": one.count,
        "askers": one.askers,
        "examples": one.examples,
        "answers": [{"text": text, "count": count} for text, count in one.answers],
        "first_at": stamp(from_ms(one.first_at)),
        "last_at": stamp(from_ms(one.last_at)),
    }
