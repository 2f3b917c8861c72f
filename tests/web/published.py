"""The published document, and what is wrong with an answer by it. It is read strictly: a field that
it does not name is wrong too, though outside programs are to pass over those."""

import re
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import orjson
from openapi_schema_validator import OAS31Validator, oas31_format_checker

from console.web import openapi
from console.web.routes import NDJSON, Route
from tests.web.reading import ROUTES

Json = dict[str, Any]


@cache
def document() -> Json:
    read: Json = orjson.loads(openapi.publish(ROUTES).body)
    return read


def operation(route: Route) -> Json:
    found: Json = document()["paths"][route.path][route.method.lower()]
    return found


def schema_of(content: Json, media: str = "application/json") -> Json | None:
    """The schema of a media type, if it has one."""
    found: Json | None = content.get(media, {}).get("schema")
    return found


def faults(value: Any, schema: Json, *, strict: bool = False) -> list[str]:
    """Where a value is not what a schema of the document says."""
    schemas = document()["components"]["schemas"]
    if strict:
        schemas = {name: _closed(one) for name, one in schemas.items()}
    whole = {**schema, "components": {"schemas": schemas}}
    validator = OAS31Validator(whole, format_checker=oas31_format_checker)
    return [f"{one.json_path}: {one.message}" for one in validator.iter_errors(value)]


def wrong_answer(method: str, address: str, status: int, media: str, body: bytes) -> list[str]:
    """What an answer of the server has that the document does not promise, or lacks."""
    path = urlsplit(address).path
    found = [one for one in ROUTES if one.method == method and _fits(one.path, path)]
    if not found:
        return []
    route = min(found, key=lambda one: one.path.count("{"))
    if not (route.told or route.query or route.body):
        return []  # it promises nothing
    promised = operation(route)["responses"].get(str(status))
    if promised is None:
        return [f"{method} {route.path}: {status} is not in the document"]
    if "$ref" in promised:
        promised = document()["components"]["responses"][promised["$ref"].rpartition("/")[2]]
    schema = schema_of(promised.get("content", {}), media)
    if schema is None:
        return []
    values = body.splitlines() if media == NDJSON else [body]
    told = [line for one in values for line in faults(orjson.loads(one), schema, strict=True)]
    return [f"{method} {route.path}: {line}" for line in told]


def _fits(template: str, path: str) -> bool:
    parts = re.split(r"\{[^}]*\}", template)
    return re.fullmatch("[^/]+".join(map(re.escape, parts)), path) is not None


def _closed(schema: Json) -> Json:
    return {"additionalProperties": False, **schema} if "properties" in schema else schema
