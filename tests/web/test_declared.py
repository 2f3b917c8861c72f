"""Routes declare what they take: whatever a handler reads is declared, whatever is declared is
checked before the handler runs, and it gets what was read."""

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from console.web import shapes
from console.web.routes import Raw, Routes
from tests.program import Program
from tests.web.reading import ROUTES, named, reads, reads_of
from tests.web.test_learning_api import signed_in
from tests.web.test_matrix import HTTP


class Where(shapes.Shape):
    """Which line."""

    name: shapes.Short
    take: int = 1


def test_what_a_handler_reads_is_declared() -> None:
    wrong = []
    for route in ROUTES:
        read = reads(route.handler)
        for what, declared in (
            ("body", route.method == "GET" or route.body is not None),
            ("query", route.query is not None),
            ("If-Match", route.told.get("if_match", False)),
            ("ETag", route.told.get("etag", False)),
        ):
            if what in read and not declared:
                wrong.append(f"{named(route)}: {what}")
    assert wrong == []


def test_reading_is_seen_through_the_functions_of_a_module() -> None:
    source = """
async def a(request): return await body(request, Shape)
async def b(request): return _c(request)
def _c(request): return request.query, request.headers["If-Match"]
@routes.post("/x", body=body)
async def d(request, asked): return json(asked.text)
async def e(request): request.content.iter_any()
"""
    assert [reads_of(source, one) for one in "abde"] == [
        {"body"}, {"query", "If-Match"}, set(), {"body"},
    ]  # fmt: skip


async def test_every_route_refuses_an_unknown_field(house: Program) -> None:
    asking = [one for one in ROUTES if one.body and not isinstance(one.body, Raw)]
    async with signed_in(house, "owner", house.owner_password) as owner:
        for route in asking:
            body = {**(HTTP[route.method, route.path].body or {}), "unheard_of": 1}
            path = f"{house.address}{route.path.replace('{id}', 'made-up')}"
            answer = await owner.http.request(route.method, path, json=body)
            refusal = (await answer.json())["error"]
            assert (answer.status, refusal["code"]) == (400, "invalid"), named(route)
            assert "unheard_of" in refusal["message"]
        assert len(asking) > 8


async def test_a_handler_gets_what_is_declared() -> None:
    routes = Routes()

    @routes.post("/raw", role=None, query=Where, body=Raw())
    async def raw(request: web.Request, where: Where) -> web.Response:
        return web.Response(text=f"{where.name} {where.take} {len(await request.read())}")

    @routes.put("/both", role=None, query=Where, body=shapes.ReadUpTo)
    async def both(request: web.Request, where: Where, asked: shapes.ReadUpTo) -> web.Response:
        return web.Response(text=f"{where.name} {asked.seq}")

    @routes.delete("/maybe", role=None, body=shapes.After)
    async def maybe(request: web.Request, asked: shapes.After) -> web.Response:
        return web.Response(text=f"{asked.after}")

    app = web.Application()
    routes.mount(app)
    async with TestClient(TestServer(app)) as client:
        told = [
            await client.post("/raw?name=a&take=3", data=b"\x00\xff"),
            await client.put("/both?name=a", json={"seq": 5}),
            await client.delete("/maybe"),
            await client.delete("/maybe", json={"after": 7}),
        ]
        assert [await one.text() for one in told] == ["a 3 2", "a 5", "0", "7"]
