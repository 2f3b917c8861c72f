"""HTTP routes with their permission declared above them, and what every request goes through."""

import hmac
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
import orjson
from aiohttp import web

from console.desk import Desk
from console.desk.entrance import Session
from console.model.refusal import STATUS, Refused
from console.model.words import Role
from console.web import wire
from console.web.address import over_tls, same_origin
from console.web.live import RANK
from console.web.shapes import check_texts, parse
from console.web.vitals import VITALS

log = logging.getLogger(__name__)

Handler = Callable[..., Awaitable[web.StreamResponse]]
H = TypeVar("H", bound=Handler)
S = TypeVar("S")

COOKIE = "session"
SECURE_COOKIE = "__Host-session"
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self' ws: wss:; font-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
DESK = web.AppKey("desk", Desk)
SESSION = web.RequestKey("session", Session)


@dataclass(frozen=True, slots=True)
class Route:
    """`role` None means everybody, signed in or not."""

    method: str
    path: str
    role: Role | None
    handler: Handler


class Routes:
    """A list of routes; `routes.get("/x", role=...)` stands directly above its handler."""

    def __init__(self) -> None:
        self.all: list[Route] = []

    def get(self, path: str, *, role: Role | None) -> Callable[[H], H]:
        return self._add("GET", path, role)

    def post(self, path: str, *, role: Role | None) -> Callable[[H], H]:
        return self._add("POST", path, role)

    def put(self, path: str, *, role: Role | None) -> Callable[[H], H]:
        return self._add("PUT", path, role)

    def patch(self, path: str, *, role: Role | None) -> Callable[[H], H]:
        return self._add("PATCH", path, role)

    def delete(self, path: str, *, role: Role | None) -> Callable[[H], H]:
        return self._add("DELETE", path, role)

    def mount(self, app: web.Application) -> None:
        for route in self.all:
            app.router.add_route(route.method, route.path, _guarded(route))

    def _add(self, method: str, path: str, role: Role | None) -> Callable[[H], H]:
        def keep(handler: H) -> H:
            self.all.append(Route(method, path, role, handler))
            return handler

        return keep


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
    """Read a JSON body strictly. Raises Refused("invalid") with the field, or that it is not
    JSON."""
    if request.content_type != "application/json":
        raise Refused("invalid", "send the body as application/json")
    try:
        data = orjson.loads(await request.read())
    except orjson.JSONDecodeError as wrong:
        raise Refused("invalid", f"the body is not JSON: {wrong}") from wrong
    return parse(data, shape)


def query(request: web.Request, shape: type[S]) -> S:
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
        if route.method != "GET":
            _own_page(request)
        return await route.handler(request)

    return handle


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
    response.headers.setdefault("Content-Security-Policy", CSP)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    response.headers.setdefault("X-Frame-Options", "DENY")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    response.headers["Server"] = "dianxiaoer"  # the library would name its version
