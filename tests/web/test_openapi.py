"""`/api/openapi.json`: valid, whole, the same every time, and true: of what is asked by the bodies
here, of what is answered by `browsing`, through which every test of this folder goes."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from aiohttp import web
from openapi_spec_validator import OpenAPIV31SpecValidator

from console.app import ROUTED
from console.model.refusal import Refused
from console.web import answers, openapi, shapes
from console.web.routes import NDJSON, Raw, Route, Routes
from tests.program import Program
from tests.web import published
from tests.web.browsing import browsing
from tests.web.published import document, faults, operation, schema_of
from tests.web.reading import ROUTES, named
from tests.web.test_learning_api import signed_in
from tests.web.test_matrix import HTTP

# what a field might be given; a shape and its schema say the same of each
ODD: list[Any] = [
    None, True, 0, 1, -1, 0.5, 2**60, "", "x", " ", "2026-11-22", "可" * 201, "可" * 8001,
    [], ["x"], [1], [""], ["x"] * 1001, {}, {"x": 1}, {"enabled": False}, {"enabled": "no"},
]  # fmt: skip


def body_of(route: Route) -> type[shapes.Shape] | None:
    return None if route.body is None or isinstance(route.body, Raw) else route.body


ASKING = [one for one in ROUTES if body_of(one)]


def schema(route: Route) -> dict[str, Any]:
    found = schema_of(operation(route)["requestBody"]["content"])
    assert found is not None
    return found


def taken(shape: type[shapes.Shape], body: Any) -> bool:
    """Whether a route with this shape takes a body."""
    try:
        shapes.parse(body, shape)
    except Refused:
        return False
    return True


def variants(shape: type[shapes.Shape], body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A body that is right, with each field missing, odd or unknown."""
    yield {**body, "unheard_of": 1}
    for key in body:
        yield {name: value for name, value in body.items() if name != key}
    for key in shape.__struct_encode_fields__:
        yield from ({**body, key: odd} for odd in ODD)


def test_it_is_openapi() -> None:
    OpenAPIV31SpecValidator(document()).validate()
    broken = copy.deepcopy(document())
    del broken["paths"]["/api/entries/{id}"]["get"]["parameters"]
    assert not OpenAPIV31SpecValidator(broken).is_valid()


def test_every_route_is_in_it_and_nothing_else() -> None:
    app = web.Application()
    for module in ROUTED:
        module.routes.mount(app)
    mounted = {(one.method, one.resource.canonical) for one in app.router.routes() if one.resource}
    told = {(method.upper(), path) for path, item in document()["paths"].items() for method in item}
    assert told == {(method, path) for method, path in mounted if path.startswith("/api/")}
    assert ("GET", "/api/openapi.json") in told


def test_it_is_the_same_in_any_order() -> None:
    assert openapi.publish(reversed(ROUTES)) == openapi.publish(ROUTES)
    assert openapi.publish(ROUTES[1:]).etag != openapi.publish(ROUTES).etag


def test_names_are_single_and_every_operation_is_described() -> None:
    operations = [one for item in document()["paths"].values() for one in item.values()]
    names = [one["operationId"] for one in operations]
    assert [one for one in names if names.count(one) > 1] == []
    assert [one["operationId"] for one in operations if not one.get("summary")] == []
    # two shapes with one name would be told apart by their modules
    assert [one for one in document()["components"]["schemas"] if "." in one] == []


def test_bodies_that_are_sent_are_as_published() -> None:
    wrong = {}
    for route in ROUTES:
        body = HTTP[route.method, route.path].body
        if body_of(route) is None:
            assert isinstance(route.body, Raw) or not body, named(route)
        elif body is not None and (found := faults(body, schema(route))):
            wrong[named(route)] = found
    assert wrong == {}
    assert len(ASKING) > 8


@pytest.mark.parametrize("route", ASKING, ids=named)
def test_a_schema_refuses_what_its_route_refuses(route: Route) -> None:
    shape = body_of(route)
    assert shape is not None
    right = HTTP[route.method, route.path].body or {}
    wrong = [
        json.dumps(body, ensure_ascii=False)[:200]
        for body in (right, *variants(shape, right))
        if taken(shape, body) == bool(faults(body, schema(route)))
    ]
    assert wrong == []
    required = operation(route)["requestBody"]["required"]
    assert taken(shape, right)
    assert taken(shape, {}) is not required


async def test_a_query_is_as_published(house: Program) -> None:
    async with signed_in(house, "owner", house.owner_password) as owner:
        for route in [one for one in ROUTES if one.query and one.method == "GET"]:
            path = f"{house.address}{route.path.replace('{id}', 'made-up')}"
            told = [one for one in operation(route)["parameters"] if one.get("in") == "query"]
            assert {one["name"] for one in told} == set(route.query.__struct_encode_fields__)
            for one in [*told, {"name": "unheard_of"}]:
                answer = await owner.http.get(path, params={one["name"]: "可" * 201})
                assert answer.status == 400, (named(route), one)
            given = {
                one["name"]: str(one["schema"]["default"])
                for one in told
                if "default" in one["schema"]
            }
            answer = await owner.http.get(path, params=given)
            lacking = any(one["required"] and one["name"] not in given for one in told)
            assert answer.status in ((400,) if lacking else (200, 404)), named(route)


async def test_it_is_served_to_who_is_signed_in(house: Program, name: str) -> None:
    house.hire(name)
    async with signed_in(house, name) as agent, browsing() as nobody:
        answer = await agent.http.get(f"{house.address}/api/openapi.json")
        assert (answer.status, answer.content_type) == (200, "application/json")
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["ETag"] == openapi.publish(ROUTES).etag
        assert await answer.json() == document()
        assert (await nobody.get(f"{house.address}/api/openapi.json")).status == 401


def test_a_wrong_answer_is_found() -> None:
    def told(method: str, path: str, status: int, body: Any) -> str:
        lines = published.wrong_answer(
            method, f"http://x/api{path}", status, "application/json", orjson.dumps(body)
        )
        return " ".join(lines)

    done = {"items": [{"id": "a", "revision": 2}], "changed": 1, "undo": None}
    error = {"error": {"code": "conflict", "message": "x"}}
    assert told("POST", "/entries/bulk", 200, done) == ""
    assert told("POST", "/entries/a/restore", 409, error) == ""
    assert "'undo' is a required" in told("POST", "/entries/bulk", 200, {"items": [], "changed": 0})
    assert "('more' was" in told("POST", "/entries/bulk", 200, {**done, "more": 1})
    assert "not of type" in told("POST", "/categories/rename", 200, {**done, "changed": "1"})
    assert "not one of" in told("GET", "/entries/a", 404, {"error": {"code": "x", "message": ""}})
    assert "not a 'date-time'" in told(
        "GET", "/proposals", 200,
        {"total": 1, "items": [{"id": "", "entry": "", "question": "", "text": "",
                                "by": {"id": "", "name": ""}, "at": "yesterday"}]},
    )  # fmt: skip
    assert "418 is not" in told("GET", "/entries", 418, {})


def test_bytes_and_lines_are_told_by_their_types() -> None:
    routes = Routes()
    told = (answers.Done, Raw(NDJSON, line=answers.ChangedEntry))

    @routes.post("/api/raw", role=None, body=Raw(), answer=told)
    async def raw(request: web.Request) -> web.Response:
        return web.Response(body=await request.read())

    post = openapi.document(routes.all)["paths"]["/api/raw"]["post"]
    assert post["requestBody"] == {"required": True, "content": {"*/*": {}}}
    schemas = {
        media: one["schema"]["$ref"].rpartition("/")[2]
        for media, one in post["responses"]["200"]["content"].items()
    }
    assert schemas == {"application/json": "Done", NDJSON: "ChangedEntry"}
    assert {"400", "413"} <= set(post["responses"])
