"""What the server sends has the keys that static/src/shared/wire.ts gives it, and no others;
entry-wire.ts, import-wire.ts and draft-wire.ts say the rest for those who edit the knowledge,
inbox-wire.ts for owners."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from console.model.refusal import STATUS
from console.web import shapes
from console.web.desk_live import DeskLive
from console.web.live import Declared
from console.web.widget_live import WidgetLive
from tests.clients import agent, shopper, sign_in
from tests.program import Program
from tests.web.browsing import browsing
from tests.web.conftest import owner

SHARED = Path(__file__).resolve().parents[2] / "static/src/shared"
WIRE = [
    SHARED / "wire.ts",
    SHARED / "entry-wire.ts",
    SHARED / "import-wire.ts",
    SHARED / "draft-wire.ts",
    SHARED / "inbox-wire.ts",
]
TEXT = re.sub(r"/\*.*?\*/", "", "".join(one.read_text("utf-8") for one in WIRE), flags=re.DOTALL)


@dataclass(frozen=True)
class Interface:
    """The keys of a TypeScript interface, with their types as written."""

    must: dict[str, str]
    may: dict[str, str]


def fields(body: str) -> Interface:
    """The keys of the outermost level of an object type."""
    must: dict[str, str] = {}
    may: dict[str, str] = {}
    depth, part, parts = 0, "", []
    for sign in body:
        depth += {"{": 1, "(": 1, "[": 1, "}": -1, ")": -1, "]": -1}.get(sign, 0)
        if depth == 0 and sign in ";\n":
            parts.append(part)
            part = ""
        else:
            part += sign
    for one in filter(str.strip, [*parts, part]):
        found = re.match(r"\s*(\w+)(\??):\s*(.+)", one, re.DOTALL)
        assert found, one
        (may if found[2] else must)[found[1]] = found[3].strip()
    return Interface(must, may)


def interfaces() -> dict[str, Interface]:
    found: dict[str, Interface] = {}
    pattern = r"interface (\w+)(?: extends (\w+))? \{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}"
    for name, base, body in re.findall(pattern, TEXT):
        own = fields(body)
        above = found[base] if base else Interface({}, {})
        found[name] = Interface({**above.must, **own.must}, {**above.may, **own.may})
    return found


ALL = interfaces()


def mismatches(value: Any, kind: str, place: str) -> list[str]:
    """Where a value from the server is not what a TypeScript type says."""
    kind = kind.strip()
    if value is None:
        return [] if "null" in kind else [f"{place}: null, but {kind}"]
    kind = kind.removesuffix("| null").strip()
    if kind.endswith("[]"):
        return [
            line
            for number, one in enumerate(value)
            for line in mismatches(one, kind[:-2].strip("()"), f"{place}[{number}]")
        ]
    shape = shape_of(kind)
    if shape is None:
        return [] if fits(value, kind) else [f"{place}: {value!r} is no {kind}"]
    known = {**shape.must, **shape.may}
    wrong = [f"{place}.{key}: missing" for key in shape.must.keys() - value.keys()]
    wrong += [f"{place}.{key}: unknown" for key in value.keys() - known.keys()]
    for key in value.keys() & known.keys():
        wrong += mismatches(value[key], known[key], f"{place}.{key}")
    return wrong


def shape_of(kind: str) -> Interface | None:
    """An interface, an object type, or several joined by `&`."""
    if " & " in kind:
        left, _, right = kind.partition(" & ")
        one, other = shape_of(left), shape_of(right)
        assert one is not None, kind
        assert other is not None, kind
        return Interface({**one.must, **other.must}, {**one.may, **other.may})
    return ALL.get(kind) or (fields(kind[1:-1]) if kind.startswith("{") else None)


def fits(value: Any, kind: str) -> bool:
    if kind == "SettingValue":
        return isinstance(value, str | int | bool)
    if kind == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    if kind == "boolean":
        return isinstance(value, bool)
    if kind in ("true", "false"):
        return value is (kind == "true")
    if kind == "Time":
        return bool(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", value))
    named = re.search(rf"type {kind} =([^;]*?)(?=\n(?:export|/)|\n\n)", TEXT)
    if named and "'" in named[1]:
        return value in re.findall(r"'(\w+)'", named[1])
    return kind in ("string", "[number, number]") or kind.startswith("Record<")


def test_the_reader_of_typescript_reads() -> None:
    assert ALL["Presence"].must["load"] == "number"
    assert ALL["Message"].may["recalled"] == "true"
    assert mismatches({"kind": "ghost"}, "Author", "a") == ["a.kind: 'ghost' is no AuthorKind"]
    assert mismatches({"place": 1}, "Queue", "q") == ["q.estimate_s: missing"]
    assert mismatches({"place": 1, "estimate_s": None, "x": 1}, "Queue", "q") == ["q.x: unknown"]
    assert mismatches([[0, 2]], "[number, number][]", "why") == []


def test_codes_and_limits_are_the_same() -> None:
    named = re.search(r"type ErrorCode =((?:\s*\|[^|\n]*)+)", TEXT)
    assert named
    assert set(re.findall(r"'(\w+)'", named[1])) == set(STATUS)
    limit = re.search(r"TEXT_LIMIT = (\d+)", TEXT)
    assert limit
    assert int(limit[1]) == shapes.MAX_TEXT


@pytest.mark.parametrize(
    ("namespace", "requests"), [(WidgetLive, "WidgetRequests"), (DeskLive, "DeskRequests")]
)
def test_every_event_is_declared_and_known(namespace: type, requests: str) -> None:
    declared = [getattr(one, "declared", None) for one in vars(namespace).values()]
    events = [one for one in declared if isinstance(one, Declared)]
    assert {one.name for one in events} == set(ALL[requests].must)
    asks = {one.role is not None for one in events}
    assert asks == {namespace is DeskLive}, "agents' events name a role, shoppers' none"


async def test_a_shoppers_side(floor: Program, key: str, name: str) -> None:
    floor.hire(name)
    async with shopper(floor, key) as shop, agent(floor, name) as desk:
        first = await shop.call("sync")
        said = await shop.say("在吗")
        await shop.say("", kind="order", order={"uid": "E1", "goods": [{"title": "茶"}]})
        await shop.say("", kind="product", product={"title": "茶", "url": "/p/tea"})
        held = (await desk.event("message"))["conversation"]
        slip = await desk.say("错了", conversation=held)
        await desk.call("recall", conversation=held, seq=slip["seq"])
        await shop.event("recalled")
        await shop.call("rate", score=5)
        await desk.call("close", conversation=held)
        await shop.event("conversation", lambda one: one.get("stage") == "closed")
        assert said.pop("ok")
        wrong = mismatches(said, "Said", "say")
        for answer in (first, await shop.call("sync")):
            assert answer.pop("ok")
            wrong += mismatches(answer, "WidgetSynced", "sync")
        for kind, data in shop.events:
            wrong += mismatches(data, payload("WidgetEvents", kind), kind)
        assert wrong == []
        assert {"message", "conversation", "recalled"} <= {kind for kind, _ in shop.events}


async def test_an_agents_side(floor: Program, key: str, name: str) -> None:
    floor.hire(name, "售前", capacity=1)
    page = {"url": "/p/tea", "title": "茶"}
    async with (
        agent(floor, name) as desk,
        shopper(floor, key, page=page) as shop,
        shopper(floor, key) as other,
    ):
        await shop.say("什么时候发货？")
        await other.say("在吗")
        offered = await desk.event("suggestions", lambda one: bool(one["items"]))
        held = offered["conversation"]
        await desk.say("今天", conversation=held, private=True)
        await desk.say("今天", conversation=held)
        await shop.call("rate", score=5)
        await shop.call("typing", text="好")
        await desk.event("typing")
        await shop.call("read", seq=2)
        await desk.event("read")
        state = await desk.call("sync", cursors={held: 0})
        assert state.pop("ok")
        wrong = mismatches(state, "DeskSynced", "sync")
        asked = await desk.call("suggest", conversation=held, text="发货")
        wrong += mismatches(asked["items"], "Suggestion[]", "suggest")
        assert any("sure" in one for one in offered["items"]), "asked in the entry's own words"
        taught = await desk.call(
            "teach", conversation=held, seq=1, entry=offered["items"][0]["entry"]
        )
        assert taught == {"ok": True, "state": "known"}
        for kind, data in desk.events:
            wrong += mismatches(data, payload("DeskEvents", kind), kind)
        assert wrong == []
        kinds = {kind for kind, _ in desk.events}
        assert kinds >= {"message", "conversation", "suggestions", "typing", "read", "presence"}


async def test_a_suggestion_brings_its_pictures(floor: Program, key: str, name: str) -> None:
    floor.hire(name)
    body, cookie = await sign_in(floor, "owner", floor.owner_password)
    async with (
        browsing(headers={"Cookie": cookie, "X-CSRF-Token": body["csrf"]}) as http,
        agent(floor, name) as desk,
        shopper(floor, key) as shop,
    ):
        new = {"question": "釉色对照表发我看看", "answer": "亲，看图", "pictures": ["p1", "p2"]}
        made = await http.post(f"{floor.address}/api/entries", json=new)
        assert made.status == 201, await made.text()
        entry = (await made.json())["id"]
        await shop.say("釉色对照表发我看看")
        offered = await desk.event("suggestions", lambda one: bool(one["items"]))
        asked = await desk.call("suggest", conversation=offered["conversation"], text="发货")
        items = [*offered["items"], *asked["items"]]
        assert mismatches(items, "Suggestion[]", "suggestions") == []
        with_pictures = {one["entry"]: one["pictures"] for one in items if "pictures" in one}
        assert with_pictures == {entry: ["p1", "p2"]}, "of others there is no such key"
        await desk.call("close", conversation=offered["conversation"])
        assert (await http.delete(f"{floor.address}/api/entries/{entry}")).status == 204


async def test_http(floor: Program, key: str, name: str) -> None:
    floor.hire(name)
    body, cookie = await sign_in(floor, name)
    async with (
        shopper(floor, key, page={"url": "/p/tea", "title": "茶"}) as shop,
        owner(floor) as lead,
        browsing(headers={"Cookie": cookie}) as http,
    ):
        await shop.say("在吗")
        held = (await lead.event("conversation"))["id"]
        api = f"{floor.address}/api"
        card = await (await http.get(f"{api}/conversations/{held}")).json()
        entries = await (await http.get(f"{api}/entries")).json()
        history = await (await http.get(f"{api}/conversations/{held}/messages")).json()
        wrong = mismatches(card, "ConversationCard", "card")
        wrong += mismatches(history, "{ messages: Message[] }", "history")
        missing = [
            line for line in mismatches(entries, "EntryList", "entries") if "unknown" not in line
        ]
        assert wrong + missing == []
        known = [line for line in mismatches(body, "LoggedIn", "login") if "unknown" not in line]
        assert known == []


def payload(events: str, kind: str) -> str:
    """The type of an event's data, as the table of events writes it."""
    handler = ALL[events].must[kind]
    found = re.match(r"\(\s*data: (.*?),?\s*\) => void", handler, re.DOTALL)
    assert found, handler
    return found[1]
