"""HTTP routes with their permission and shapes declared above them, and what every request goes
through: what is declared is what is checked, and what `openapi` publishes."""

import hmac
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypedDict, TypeVar, Unpack, overload

import msgspec
import orjson
from aiohttp import web

from console.desk import Desk
from console.desk.entrance import Session
from console.model.refusal import STATUS, Code, Refused
from console.model.words import Role
from console.web import wire
from console.web.address import over_tls, same_origin
from console.web.live import RANK
from console.web.shapes import Shape, check_texts, parse
from console.web.vitals import VITALS

log = logging.getLogger(__name__)

Answering = Awaitable[web.StreamResponse]
Handler = Callable[..., Answering]
H = TypeVar("H", bound=Callable[[web.Request], Answering])
S = TypeVar("S", bound=Shape)
Q = TypeVar("Q", bound=Shape)

COOKIE = "session"
SECURE_COOKIE = "__Host-session"
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self' ws: wss:; font-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
DESK = web.AppKey("desk", Desk)
SESSION = web.RequestKey("session", Session)
ANYWHERE = web.RequestKey("anywhere", bool)


@dataclass(frozen=True, slots=True)
class Raw:
    """A body or an answer that is not one JSON value but a `media` type of its own, which the
    handler reads or writes; `line` is what each line of it holds."""

    media: str = "*/*"
    line: type[msgspec.Struct] | None = None


NDJSON = "application/x-ndjson"


class Told(TypedDict, total=False):
    """What a route says of its answers: their shape (several where it depends), their status, what
    it may refuse beside what its role, path and shapes tell already, and whether the answer names a
    revision (`etag`) and the request may (`if_match`). `anywhere`: pages of other sites may ask and
    read the answer too; nothing there may go by a cookie."""

    answer: type[msgspec.Struct] | Raw | tuple[type[msgspec.Struct] | Raw, ...]
    status: int
    refuses: tuple[Code, ...]
    etag: bool
    if_match: bool
    anywhere: bool


@dataclass(frozen=True, slots=True)
class Route:
    """`role` None means everybody, signed in or not. `query` and `body` are read before the handler
    is called with them, in this order; of a route that declares none, the handler reads them."""

    method: str
    path: str
    role: Role | None
    handler: Handler
    query: type[Shape] | None = None
    body: type[Shape] | Raw | None = None
    told: Told = field(default_factory=Told)


class Verb:
    """A method of HTTP: `routes.get("/x", role=...)` stands directly above its handler."""

    def __init__(self, method: str, routes: list[Route]) -> None:
        self._method = method
        self._routes = routes

    @overload
    def __call__(
        self, path: str, *, role: Role | None, body: Raw | None = None, **told: Unpack[Told]
    ) -> Callable[[H], H]: ...

    @overload
    def __call__(
        self, path: str, *, role: Role | None, body: type[S], **told: Unpack[Told]
    ) -> Callable[
        [Callable[[web.Request, S], Answering]], Callable[[web.Request, S], Answering]
    ]: ...

    @overload
    def __call__(
        self, path: str, *, role: Role | None, query: type[Q], body: Raw | None = None,
        **told: Unpack[Told],
    ) -> Callable[
        [Callable[[web.Request, Q], Answering]], Callable[[web.Request, Q], Answering]
    ]: ...  # fmt: skip

    @overload
    def __call__(
        self, path: str, *, role: Role | None, query: type[Q], body: type[S],
        **told: Unpack[Told],
    ) -> Callable[
        [Callable[[web.Request, Q, S], Answering]], Callable[[web.Request, Q, S], Answering]
    ]: ...  # fmt: skip

    def __call__(
        self, path: str, *, role: Role | None, query: type[Shape] | None = None,
        body: type[Shape] | Raw | None = None, **told: Unpack[Told],
    ) -> Callable[[Handler], Handler]:  # fmt: skip
        def keep(handler: Handler) -> Handler:
            self._routes.append(Route(self._method, path, role, handler, query, body, told))
            return handler

        return keep


class Routes:
    """A list of routes, each with its permission and what it takes declared above its handler."""

    def __init__(self) -> None:
        self.all: list[Route] = []
        self.get = Verb("GET", self.all)
        self.post = Verb("POST", self.all)
        self.put = Verb("PUT", self.all)
        self.patch = Verb("PATCH", self.all)
        self.delete = Verb("DELETE", self.all)
        self.options = Verb("OPTIONS", self.all)

    def mount(self, app: web.Application) -> None:
        for route in self.all:
            app.router.add_route(route.method, route.path, _guarded(route))


async def session_of(request: web.Request) -> Session | None:
    """The signed-in agent of a request's cookie, if any."""
    token = request.cookies.get(SECURE_COOKIE) or request.cookies.get(COOKIE)
    return await request.app[DESK].entrance.session(token) if token else None


def set_cookie(request: web.Request, response: web.Response, token: str) -> None:
    secure = over_tls(request)
    response.set_cookie(
        SECURE_COOKIE if secure else COOKIE,
        token,
        httponly=True,
        secure=secure,
        samesite="Lax",
        path="/",
    )


def json(value: Any, *, status: int = 200) -> web.Response:
    return web.Response(
        body=orjson.dumps(value),
        status=status,
        content_type="application/json",
        headers={"Cache-Control": "no-store"},
    )


def refused(no: Refused) -> web.Response:
    return json({"error": wire.refusal(no)}, status=STATUS[no.code])


async def body(request: web.Request, shape: type[S]) -> S:
    """Read a JSON body strictly; without one, a shape that needs nothing is empty. Raises
    Refused("invalid") with the field, or that it is not JSON."""
    if not request.can_read_body and not needed(shape):
        return shape()
    if request.content_type != "application/json":
        raise Refused("invalid", "send the body as application/json")
    try:
        data = orjson.loads(await request.read())
    except orjson.JSONDecodeError as wrong:
        raise Refused("invalid", f"the body is not JSON: {wrong}") from wrong
    return parse(data, shape)


def needed(shape: type[Shape]) -> bool:
    """Whether a shape has a field that must be there."""
    return any(one.required for one in msgspec.structs.fields(shape))


def query(request: web.Request, shape: type[Q]) -> Q:
    """Read the query string strictly; numbers are read from their text."""
    given = dict(request.query)
    check_texts(given)
    try:
        return msgspec.convert(given, shape, strict=False)
    except msgspec.ValidationError as wrong:
        raise Refused("invalid", str(wrong)) from wrong


def _guarded(route: Route) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        if route.role is not None:
            session = await session_of(request)
            if session is None:
                raise Refused("unauthorized", "sign in first")
            if RANK[session.agent.role] < RANK[route.role]:
                raise Refused("forbidden", f"this needs the role {route.role}")
            request[SESSION] = session
        if route.told.get("anywhere"):
            request[ANYWHERE] = True
        elif route.method != "GET":
            _own_page(request)
        return await route.handler(request, *await _asked(route, request))

    return handle


async def _asked(route: Route, request: web.Request) -> list[Shape]:
    found: list[Shape] = []
    if route.query is not None:
        found.append(query(request, route.query))
    if route.body is not None and not isinstance(route.body, Raw):
        found.append(await body(request, route.body))
    return found


def _own_page(request: web.Request) -> None:
    """Refuse what another site's page could have sent (T5)."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in ("same-origin", "none"):
        raise Refused("forbidden", "this came from another site")
    if "Origin" in request.headers and not same_origin(request):
        raise Refused("forbidden", "this came from another site")
    session = request.get(SESSION)
    if session is None:
        return
    token = request.headers.get("X-CSRF-Token", "")
    if not hmac.compare_digest(token.encode(), session.csrf.encode()):
        raise Refused("forbidden", "the header X-CSRF-Token is missing or wrong")


@web.middleware
async def errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Every refusal is JSON with its status; what we did not expect is logged, not shown."""
    try:
        if "\x00" in request.path:
            raise web.HTTPNotFound
        return await handler(request)
    except Refused as no:
        request.app[VITALS].live.refused["http", no.code] += 1
        return refused(no)
    except web.HTTPRequestEntityTooLarge:
        return refused(Refused("too_large", "the body is larger than 1 MB"))
    except web.HTTPNotFound:
        return refused(Refused("not_found", f"nothing at {request.path[:100]}"))
    except web.HTTPException:
        raise
    except Exception:
        log.exception("%s %s failed", request.method, request.path)
        return refused(Refused("unavailable", "something went wrong here; try again"))


async def headers(request: web.Request, response: web.StreamResponse) -> None:
    """Security headers of every answer; a page may have set its own policy."""
    if request.get(ANYWHERE):
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
        response.headers["Access-Control-Max-Age"] = "86400"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers.setdefault("Content-Security-Policy", CSP)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    response.headers.setdefault("X-Frame-Options", "DENY")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    response.headers["Server"] = "dianxiaoer"  # the library would name its version
