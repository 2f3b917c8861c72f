"""`GET /api/openapi.json`: what programs may ask of /api, in OpenAPI 3.1, made of what the routes
declare and of the very shapes that check their bodies. Whatever is not declared is not in it.
"""

import hashlib
import inspect
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import orjson
from aiohttp import web

from console.model.refusal import STATUS, Code
from console.model.words import Role
from console.web import answers
from console.web.routes import COOKIE, SECURE_COOKIE, Raw, Route, Routes, needed
from console.web.shapes import Shape

PREFIX = "/api/"
VERSION = "1"
ABOUT = """\
The HTTP side of the console. Sign in with `POST /api/login`: its answer sets the session's cookie,
and its `csrf` goes into the header X-CSRF-Token of every request that is not a GET. `x-role` is the
least role that may: `agent`, `supervisor` or `owner`; null is everybody. Unknown fields of bodies
and queries are refused; those of answers may grow, so pass over what you do not know."""
MEANS: dict[Code, str] = {
    "invalid": "A field, named in the message, is missing, unknown or wrong",
    "unauthorized": "Nobody is signed in, or name or password is wrong",
    "forbidden": "The role is too low, X-CSRF-Token is wrong, or another site's page asks",
    "not_found": "What is named is not there for this agent",
    "conflict": "It has changed, or is somebody else's already",
    "too_large": "The body or its text is too long",
    "rate_limited": "Too much at once; try again in a moment",
    "unavailable": "It does not work now; try again",
}
_REF = "#/components/schemas/{name}"
_JSON = "application/json"

Json = dict[str, Any]

routes = Routes()


@dataclass(frozen=True, slots=True)
class Published:
    """The document as it is sent."""

    body: bytes
    etag: str


PUBLISHED = web.AppKey("published", Published)


@routes.get("/api/openapi.json", role=Role.AGENT, answer=Raw(_JSON), etag=True)
async def openapi(request: web.Request) -> web.Response:
    """Read this document."""
    published = request.app[PUBLISHED]
    headers = {"Cache-Control": "no-store", "ETag": published.etag}
    return web.Response(body=published.body, content_type=_JSON, headers=headers)


def publish(mounted: Iterable[Route]) -> Published:
    """The document of those routes that are below /api; the same for the same routes."""
    body = orjson.dumps(document(mounted))
    return Published(body, f'"{hashlib.sha256(body).hexdigest()[:16]}"')


def document(mounted: Iterable[Route]) -> Json:
    """OpenAPI 3.1 of the routes below /api, by path."""
    taken = sorted(
        (one for one in mounted if one.path.startswith(PREFIX)),
        key=lambda one: (one.path, one.method),
    )
    paths: dict[str, Json] = {}
    for route in taken:
        path = re.sub(r"\{(\w+):[^}]*\}", r"{\1}", route.path)
        paths.setdefault(path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {"title": "店小二", "version": VERSION, "description": " ".join(ABOUT.split("\n"))},
        "paths": paths,
        "components": {
            "schemas": _schemas(taken),
            "responses": {code: _refusal(code) for code in STATUS},
            "parameters": {"If-Match": _IF_MATCH},
            "headers": {"ETag": _ETAG},
            "securitySchemes": _SCHEMES,
        },
    }


_IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "description": 'The ETag of the entry that was changed, or "*" for any; another is a conflict.',
    "schema": {"type": "string"},
}
_ETAG = {"description": "What it was when it was read.", "schema": {"type": "string"}}
_SCHEMES = {
    "session": {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "Over HTTP"},
    "secure_session": {
        "type": "apiKey",
        "in": "cookie",
        "name": SECURE_COOKIE,
        "description": "Over HTTPS",
    },
    "csrf": {"type": "apiKey", "in": "header", "name": "X-CSRF-Token"},
}


def refuses(route: Route) -> list[Code]:
    """What a route may refuse: by its role, its path and its shapes, and what it says itself."""
    found: set[Code] = {"unavailable", *route.told.get("refuses", ())}
    if route.role is not None:
        found |= {"unauthorized", "forbidden"}
    if route.method != "GET":
        found.add("forbidden")
    if "{" in route.path:
        found.add("not_found")
    if route.query is not None:
        found.add("invalid")
    if route.body is not None:
        found |= {"invalid", "too_large"}
    return sorted(found, key=STATUS.__getitem__)


def answered(route: Route) -> tuple[type[msgspec.Struct] | Raw, ...]:
    """The shapes of a route's answer."""
    answer = route.told.get("answer", ())
    return answer if isinstance(answer, tuple) else (answer,)


def _operation(route: Route) -> Json:
    summary, _, more = inspect.cleandoc(route.handler.__doc__ or "").partition("\n\n")
    about = [more, route.query.__doc__ or ""] if route.query else [more]
    said = " ".join(" ".join(about).split())
    parameters = _parameters(route)
    return {
        "operationId": getattr(route.handler, "__name__", route.path),
        "tags": [route.path.removeprefix(PREFIX).partition("/")[0]],
        **({"summary": " ".join(summary.split())} if summary else {}),
        **({"description": said} if said else {}),
        "x-role": route.role,
        "security": _security(route),
        **({"parameters": parameters} if parameters else {}),
        **({} if route.body is None else {"requestBody": _body(route.body)}),
        "responses": _responses(route),
    }


def _security(route: Route) -> list[Json]:
    if route.role is None:
        return []
    token: Json = {} if route.method == "GET" else {"csrf": []}
    return [{cookie: [], **token} for cookie in ("session", "secure_session")]


def _parameters(route: Route) -> list[Json]:
    text = {"type": "string"}
    found: list[Json] = [
        {"name": name, "in": "path", "required": True, "schema": text}
        for name in re.findall(r"\{(\w+)", route.path)
    ]
    if route.query is not None:
        found += _of_query(route.query)
    if route.told.get("if_match"):
        found.append({"$ref": "#/components/parameters/If-Match"})
    return found


def _of_query(shape: type[Shape]) -> list[Json]:
    _, schemas = msgspec.json.schema_components([shape], ref_template=_REF)
    schema = schemas[shape.__name__]
    return [
        {"name": name, "in": "query", "required": name in schema["required"], "schema": _given(one)}
        for name, one in schema["properties"].items()
    ]


def _given(schema: Json) -> Json:
    """A field of a query as it is when it is given: null is to leave it out."""
    kinds = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
    return kinds[0] if len(kinds) == 1 else schema


def _body(shape: type[Shape] | Raw) -> Json:
    required = isinstance(shape, Raw) or needed(shape)
    return {"required": required, "content": _content([shape])}


def _responses(route: Route) -> Json:
    status = str(route.told.get("status", 200))
    shapes = answered(route)
    done: Json = {"description": "It is done"}
    if route.told.get("etag"):
        done["headers"] = {"ETag": {"$ref": "#/components/headers/ETag"}}
    if shapes:
        done["content"] = _content(shapes)
    refused = {
        str(STATUS[code]): {"$ref": f"#/components/responses/{code}"} for code in refuses(route)
    }
    return {status: done, **refused}


def _content(shapes: Sequence[type[msgspec.Struct] | Raw]) -> Json:
    """By media type; of one that is made of lines, the schema is a line's."""
    found: Json = {}
    for shape in shapes:
        if not isinstance(shape, Raw):
            found[_JSON] = {"schema": {"$ref": _REF.format(name=shape.__name__)}}
        elif shape.line is not None:
            found[shape.media] = {"schema": {"$ref": _REF.format(name=shape.line.__name__)}}
        else:
            found[shape.media] = {}
    return found


def _refusal(code: Code) -> Json:
    return {"description": MEANS[code], "content": _content([answers.Error])}


def _schemas(mounted: Iterable[Route]) -> Json:
    used: dict[Any, None] = {answers.Error: None}
    for route in mounted:
        for one in (route.body, *answered(route)):
            used[one.line if isinstance(one, Raw) else one] = None
    used.pop(None, None)
    _, schemas = msgspec.json.schema_components(used, ref_template=_REF)
    return {name: _plain(schemas[name]) for name in sorted(schemas)}


def _plain(schema: Json) -> Json:
    """Its description in one line, as the source does not break it."""
    if "description" not in schema:
        return schema
    return {**schema, "description": " ".join(schema["description"].split())}
