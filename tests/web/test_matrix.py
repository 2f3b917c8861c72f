"""Role x route or event x foreign object, from the router and the declared commands themselves: all
refused, nothing changed, nothing leaked (T11, T12). A new one fails here until it says how it is
called."""

import asyncio
import importlib
import json
import pkgutil
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import pytest

from console import web as package
from console.app import application
from console.installation import open_installation
from console.model.words import Role
from console.settings import Settings
from console.web.desk_live import DeskLive
from console.web.live import RANK, Declared
from console.web.routes import Route, Routes
from console.web.widget_live import WidgetLive
from tests.clients import Client, sign_in
from tests.program import PASSWORD
from tests.servers import stop
from tests.web.abroad import MADE_UP, SECRETS, World, build
from tests.web.browsing import Browsing, browsing

MODULES = [
    importlib.import_module(f"{package.__name__}.{one.name}")
    for one in pkgutil.iter_modules(package.__path__)
]
ROUTES = [
    route
    for module in MODULES
    for routes in vars(module).values()
    if isinstance(routes, Routes)
    for route in routes.all
]
SAID = {"client_id": "abcdefgh", "text": "你好"}


@dataclass(frozen=True)
class Call:
    """How a route is called: `names` is the kind of thing its path names, if any."""

    names: str = ""
    body: Any = None
    query: str = ""


# every route; a page or list names nothing and shows what is the caller's own
HTTP: dict[tuple[str, str], Call] = {
    **{("GET", f"/{one}"): Call() for one in ("", "login", "desk", "knowledge", "settings")},
    ("GET", "/demo/p/{product}"): Call("product"),
    ("GET", "/static/{file:[A-Za-z0-9._-]+}"): Call("file"),
    **{("GET", f"/{one}"): Call() for one in ("demo", "widget.js", "healthz", "readyz", "metrics")},
    ("GET", "/hooks/{inbox}"): Call("inbox"),
    ("POST", "/hooks/{inbox}"): Call("inbox", {"id": "1", "person": "p", "text": "x"}),
    ("POST", "/api/files"): Call(query="?name=a.txt", body="好"),
    ("POST", "/widget/files"): Call(query="?name=a.txt&inbox=made-up", body="好"),
    ("OPTIONS", "/widget/files"): Call(),
    ("GET", "/files/{id}"): Call("letter"),
    ("GET", "/files/{id}/small"): Call("letter"),
    ("POST", "/api/login"): Call(body={"name": "小王", "password": "made-up"}),
    ("POST", "/api/logout"): Call(),
    ("GET", "/api/me"): Call(),
    ("GET", "/api/openapi.json"): Call(),
    ("GET", "/api/conversations/{id}"): Call("conversation"),
    ("GET", "/api/conversations/{id}/messages"): Call("conversation"),
    ("GET", "/api/entries"): Call(),
    ("POST", "/api/entries"): Call(body={"question": "能刻字吗", "answer": "能"}),
    ("POST", "/api/entries/bulk"): Call(body={"ids": ["made-up"], "change": {"enabled": False}}),
    ("POST", "/api/entries/undo"): Call(body={"token": "made-up"}),
    ("GET", "/api/entries/{id}"): Call("entry"),
    ("PATCH", "/api/entries/{id}"): Call("entry", {"answer": "x"}),
    ("DELETE", "/api/entries/{id}"): Call("entry"),
    ("POST", "/api/entries/{id}/restore"): Call("entry", {"revision": 1}),
    ("GET", "/api/entries/{id}/history"): Call("entry"),
    ("GET", "/api/entries/{id}/history/{revision}"): Call("entry"),
    ("POST", "/api/imports"): Call(
        body={"version": 1, "entries": []}, query="?dry_run=1&name=faq.yaml"
    ),
    ("GET", "/api/imports"): Call(),
    ("POST", "/api/imports/{id}/undo"): Call("import", {}),
    ("GET", "/api/export"): Call(query="?format=faq"),
    ("GET", "/api/categories"): Call(),
    ("POST", "/api/categories/rename"): Call(body={"from": "别家", "to": "x"}),
    ("POST", "/api/entries/{id}/similar"): Call("entry", {"text": "几时动身"}),
    ("GET", "/api/phrases"): Call(),
    ("POST", "/api/phrases"): Call(body={"question": "q", "answer": "a"}),
    ("PATCH", "/api/phrases/{id}"): Call("phrase", {"answer": "x"}),
    ("DELETE", "/api/phrases/{id}"): Call("phrase"),
    ("GET", "/api/usage"): Call(),
    ("POST", "/api/identities/{id}/separate"): Call("identity", {}),
    ("GET", "/api/drafts"): Call(),
    ("POST", "/api/drafts"): Call(body={"fields": {"answer": "x"}, "entry": "made-up"}),
    ("POST", "/api/drafts/{id}/publish"): Call("draft", {}),
    ("POST", "/api/drafts/{id}/decline"): Call("draft", {}),
    ("DELETE", "/api/drafts/{id}"): Call("draft"),
    ("GET", "/api/proposals"): Call(),
    ("POST", "/api/proposals/{id}/accept"): Call("proposal", {}),
    ("POST", "/api/proposals/{id}/decline"): Call("proposal", {}),
    ("GET", "/api/learning"): Call(),
    ("DELETE", "/api/learning"): Call(),
    ("POST", "/api/learning/restore"): Call(),
    ("GET", "/api/outbox"): Call(),
    ("POST", "/api/outbox/{id}/resend"): Call("letter", {}),
    ("POST", "/api/outbox/{id}/dismiss"): Call("letter", {}),
    ("GET", "/api/unmatched"): Call(query="?askers=1"),
    ("POST", "/api/unmatched/{id}/dismiss"): Call("gap", {}),
    ("POST", "/api/unmatched/{id}/restore"): Call("gap", {}),
    ("GET", "/api/gates"): Call(),
    ("PUT", "/api/gates"): Call(body={"show": 0.3, "sure": 0.4, "lead": 0.2}),
    ("GET", "/api/upkeep"): Call(),
    ("POST", "/api/match"): Call(body={"texts": ["几时动身"]}),
    ("POST", "/api/preview"): Call(body={"answer": "{昵称}，**好**"}),
    ("GET", "/api/inboxes"): Call(),
    ("POST", "/api/inboxes"): Call(body={"kind": "widget", "name": "新的"}),
    ("PATCH", "/api/inboxes/{id}"): Call("inbox", {"config": {"greeting": "x"}}),
    ("POST", "/api/inboxes/{id}/check"): Call("inbox", {}),
    ("DELETE", "/api/gates"): Call(),  # takes back what the line above has set
}
# what changes only what is the caller's own; whoever may do it changes something
OWN = {
    ("POST", "/api/logout"),
    ("DELETE", "/api/learning"),
    ("POST", "/api/learning/restore"),
    ("POST", "/api/entries"),
    ("POST", "/api/phrases"),
    ("POST", "/api/files"),
    ("POST", "/api/inboxes"),
}
# every event of agents, with the fields beside `conversation`
DESK: dict[str, dict[str, Any]] = {
    "sync": {},
    "say": SAID,
    "take": {},
    "hand_over": {"to_group": "售前"},
    "close": {},
    "reopen": {},
    "available": {"state": "busy"},
    "read": {"seq": 1},
    "typing": {},
    "recall": {"seq": 1},
    "suggest": {"text": "发货"},
    "reject": {"for_seq": 1, "entry": "fahuo"},
    "teach": {"seq": 1, "entry": "fahuo"},
}
NAME_NOTHING = {"sync", "available"}
# every event of shoppers: their token is all they have
WIDGET: dict[str, dict[str, Any]] = {
    "sync": {"after": 0},
    "say": SAID,
    "typing": {"text": "在"},
    "read": {"seq": 1},
    "human": {},
    "rate": {"score": 5},
    "leave": {"contact": "13800000000", "text": "回电"},
    "page": {"url": "/p/tea"},
}
ROLES = {Role.AGENT: "小王", Role.SUPERVISOR: "主管", Role.OWNER: "owner"}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    one = asyncio.run(build(tmp_path_factory.mktemp("abroad") / "data"))
    one.house.start()
    yield one
    assert one.house.process is not None
    stop(one.house.process)


@dataclass
class Person:
    """Somebody signed in, or nobody; `heard` is every answer and event that came to them."""

    role: Role | None
    http: Browsing
    headers: dict[str, str]
    desk: Client | None
    heard: list[str]

    async def ask(self, world: World, route: Route, path: str, body: Any) -> int:
        answer = await self.http.request(
            route.method, f"{world.house.address}{path}", json=body, headers=self.headers,
            allow_redirects=False,
        )  # fmt: skip
        self.heard.append(await answer.text())
        return answer.status

    async def send(self, event: str, frame: Any) -> str:
        """The code of the refusal, or `ok`."""
        assert self.desk is not None
        answer = await self.desk.send(event, frame)
        self.heard.append(json.dumps(answer, ensure_ascii=False))
        return "ok" if answer["ok"] else str(answer["error"]["code"])

    def leaked(self) -> list[str]:
        events = [] if self.desk is None else self.desk.events
        told = [*self.heard, *(json.dumps(one, ensure_ascii=False) for one in events)]
        secrets = [one for why, one in SECRETS.items() if self._may_not_see(why)]
        return [one[:200] for one in told if any(secret in one for secret in secrets)]

    def objects(self, world: World, kind: str) -> list[str]:
        """Ids of things that are not theirs; another group's are for leads to see."""
        known = world.foreign.get(kind, {})
        return [*(one for why, one in known.items() if self._may_not_see(why)), *MADE_UP]

    def _may_not_see(self, why: str) -> bool:
        return why != "group" or self.role not in (Role.SUPERVISOR, Role.OWNER)


@pytest.fixture
async def people(world: World) -> AsyncIterator[list[Person]]:
    """One of each role, and one who has not signed in."""
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(browsing())
        own = {"Origin": world.house.address}
        found = [Person(None, http, own, None, [])]
        for role, name in ROLES.items():
            password = world.owner_password if role is Role.OWNER else PASSWORD
            body, cookie = await sign_in(world.house, name, password)
            headers = {**own, "Cookie": cookie}
            desk = Client("/desk")
            await desk.connect(world.house.address, {"csrf": body["csrf"]}, headers)
            stack.push_async_callback(desk.close)
            token = {"X-CSRF-Token": body["csrf"]}
            found.append(Person(role, http, {**headers, **token}, desk, []))
        yield found


def test_every_route_and_event_has_a_line() -> None:
    assert {(one.method, one.path) for one in ROUTES} == set(HTTP)
    assert {one.name for one in declared(DeskLive)} == set(DESK)
    assert {one.name for one in declared(WidgetLive)} == set(WIDGET)


def declared(namespace: type) -> list[Declared]:
    return [one.declared for one in vars(namespace).values() if hasattr(one, "declared")]


async def test_nothing_is_served_that_declares_no_permission(world: World) -> None:
    """The router of the program itself, and the namespaces that it opens."""
    data = str(world.house.data.parent / "another")
    installation = await open_installation(Settings(data=data, rate_limits="off"))
    try:
        app, sockets = application(installation, None)
    finally:
        await installation.close()
    served = {(one.method, one.resource.canonical) for one in app.router.routes() if one.resource}
    known = {(one.method, one.path.replace(":[A-Za-z0-9._-]+", "")) for one in ROUTES}
    known |= {("HEAD", path) for method, path in known if method == "GET"}
    library = {(method, "/socket.io/") for method in ("GET", "HEAD", "POST", "OPTIONS")}
    assert served - known == library
    assert {("GET", "/api/me"), ("POST", "/api/login")} <= served
    assert set(sockets._events) == {"/widget", "/desk"}
    assert all(one.role is None for one in declared(WidgetLive))
    assert all(one.role in RANK for one in declared(DeskLive))


async def test_http(world: World, people: list[Person]) -> None:
    before, wrong = world.kept(), []
    for route in ROUTES:
        call = HTTP[route.method, route.path]
        for person in people:
            if (route.method, route.path) in OWN and may(route, person):
                continue
            for path in paths(world, route, call, person):
                status = await person.ask(world, route, path, call.body)
                if status not in expected(route, call, person):
                    wrong.append(f"{person.role} {route.method} {path}: {status}")
    assert wrong == []
    assert [one for person in people for one in person.leaked()] == []
    assert world.kept() == before


def paths(world: World, route: Route, call: Call, person: Person) -> list[str]:
    if not call.names:
        return [route.path + call.query]
    head, _, rest = route.path.replace("{revision}", "1").partition("{")
    tail = rest.partition("}")[2]
    return [f"{head}{one}{tail}" for one in person.objects(world, call.names)]


def may(route: Route, person: Person) -> bool:
    if route.role is None:
        return True
    return person.role is not None and RANK[person.role] >= RANK[route.role]


def expected(route: Route, call: Call, person: Person) -> set[int]:
    """The statuses that are right for somebody who may not touch what is named."""
    if route.role is not None and person.role is None:
        return {401}
    if not may(route, person):
        return {403}
    if call.names:
        return {403, 404}
    return {401} if route.path == "/api/login" else {200, 204, 302, 404}


async def test_unsafe_requests_of_another_page(world: World, people: list[Person]) -> None:
    """A session without its token, or a page elsewhere, changes nothing (T5)."""
    before, wrong = world.kept(), []
    theirs = {"Origin": "https://evil.example"}
    forged: list[dict[str, str]] = [
        {"X-CSRF-Token": "made-up"}, {"X-CSRF-Token": ""}, theirs, {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
    ]  # fmt: skip
    own = [one for one in ROUTES if not one.told.get("anywhere") and one.path != "/hooks/{inbox}"]
    for route in [one for one in own if one.method != "GET"]:
        call = HTTP[route.method, route.path]
        for person in people:
            for headers in forged:
                if route.role is None and "X-CSRF-Token" in headers:
                    continue
                other = Person(person.role, person.http, {**person.headers, **headers}, None, [])
                path = paths(world, route, call, person)[0]
                status = await other.ask(world, route, path, call.body)
                if status not in ({401, 403} if person.role is None else {403}):
                    wrong.append(f"{person.role} {route.method} {path} {headers}: {status}")
    assert wrong == []
    assert world.kept() == before


async def test_agents_events(world: World, people: list[Person]) -> None:
    before, wrong = world.kept(), []
    for person in [one for one in people if one.desk is not None]:
        for event, more in DESK.items():
            for chat in person.objects(world, "conversation"):
                if event in NAME_NOTHING:
                    continue
                code = await person.send(event, {"conversation": chat, **more})
                if code not in ("not_found", "forbidden"):
                    wrong.append(f"{person.role} {event} {chat}: {code}")
        cursors = dict.fromkeys(person.objects(world, "conversation"), 0)
        assert await person.send("sync", {"cursors": cursors}) == "ok"
    assert wrong == []
    assert [one for person in people for one in person.leaked()] == []
    assert world.kept() == before


async def test_what_is_foreign_inside_ones_own(world: World, people: list[Person]) -> None:
    """A conversation that is theirs, handed to whom they may not name, or read beyond its end."""
    agent = next(one for one in people if one.role is Role.AGENT)
    shop = Client("/widget")
    await shop.connect(world.house.address, {"inbox": world.key}, {})
    assert (await shop.say("在吗"))["ok"]
    assert agent.desk is not None
    state = await agent.desk.call("sync")
    (mine,) = [one["id"] for one in state["conversations"]]
    assert await agent.send("take", {"conversation": mine}) == "ok"
    before, wrong = world.kept(), []
    frames: list[tuple[str, dict[str, Any]]] = [
        *(("hand_over", {"to_agent": one}) for one in agent.objects(world, "agent")),
        *(("hand_over", {"to_group": one}) for one in agent.objects(world, "group")),
        *(("recall", {"seq": one}) for one in (0, 1, 99, 2**53)),
        *(("reject", {"for_seq": one, "entry": "made-up"}) for one in (0, 1, 2**53)),
        *(("teach", {"seq": 1, "entry": one}) for one in MADE_UP),
    ]
    for event, frame in frames:
        code = await agent.send(event, {"conversation": mine, **frame})
        if code not in ("not_found", "forbidden"):
            wrong.append(f"{event} {frame}: {code}")
    assert wrong == []
    assert world.kept() == before
    assert await agent.send("close", {"conversation": mine}) == "ok"
    await shop.close()


@pytest.mark.parametrize("token", ["shop", "group", *MADE_UP])
async def test_shoppers_events(world: World, token: str) -> None:
    """A stranger with somebody's token of another inbox, or one made up, is a new visitor."""
    abroad = set(world.foreign["conversation"].values())
    before = touched(world, abroad)
    visitor = world.tokens.get(token, token)
    shop = Client("/widget")
    await shop.connect(world.house.address, {"inbox": world.key, "visitor": visitor}, {})
    told: list[Any] = []
    named: list[Any] = []
    for event, frame in WIDGET.items():
        for chat in abroad:
            answer = await shop.send(event, {**frame, "conversation": chat})
            named.append(answer.get("error", {}).get("code"))
        told.append(await shop.send(event, frame))
    told += [await shop.call("sync", after=0), *shop.events]
    await shop.close()
    assert set(named) == {"invalid"}
    shown = json.dumps(told, ensure_ascii=False)
    assert [one for one in SECRETS.values() if one in shown] == []
    assert told[0]["visitor"] != visitor
    assert touched(world, abroad) == before


def touched(world: World, chats: set[str]) -> list[str]:
    """Every row that has to do with these conversations."""
    return [row for rows in world.kept().values() for row in rows if any(c in row for c in chats)]
