"""HTTP: headers of every answer, languages, files, redirects, and what another site may not do."""

import asyncio
import io
import re

import pytest

from console.app import MAX_BODY
from console.web import api, health, pages
from console.web.routes import CSP
from tests.clients import sign_in
from tests.program import Program
from tests.web.browsing import browsing

ROUTES = [one for module in (pages, api, health) for one in module.routes.all]
SAMPLES = {"{id}": "0" * 20, "{product}": "tea", "{file:[A-Za-z0-9._-]+}": "none.js"}
SECURITY = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def path_of(route_path: str) -> str:
    for blank, sample in SAMPLES.items():
        route_path = route_path.replace(blank, sample)
    return route_path


async def test_security_headers_are_on_every_answer(house: Program) -> None:
    paths = [path_of(one.path) for one in ROUTES]
    paths += ["/nothing", "/socket.io/?EIO=4&transport=polling", "/static/../run.py", "/widget.js"]
    async with browsing() as http:
        for path in paths:
            answer = await http.get(f"{house.address}{path}", allow_redirects=False)
            there = {name: answer.headers.get(name) for name in SECURITY}
            assert there == SECURITY, (path, answer.status)
            assert answer.headers["Server"] == "dianxiaoer", path


async def test_what_needs_a_session_asks_for_one(house: Program) -> None:
    async with browsing() as http:
        for one in ROUTES:
            if one.role is None:
                continue
            answer = await http.request(one.method, f"{house.address}{path_of(one.path)}")
            assert answer.status == 401, one
            assert (await answer.json())["error"]["code"] == "unauthorized"


async def test_unsafe_requests_from_elsewhere_are_refused(house: Program, name: str) -> None:
    house.hire(name)
    body, cookie = await sign_in(house, name)
    right = {"Cookie": cookie, "X-CSRF-Token": body["csrf"], "Origin": house.address}
    without = {"Cookie": cookie}
    forged = [
        without,
        {**without, "X-CSRF-Token": "wrong"},
        {**right, "Origin": "https://evil.example"},
        {**right, "Origin": "null"},
        {**right, "Sec-Fetch-Site": "cross-site"},
        {**right, "Sec-Fetch-Site": "same-site"},
    ]
    unsafe = [one for one in ROUTES if one.method != "GET" and one.role is not None]
    assert unsafe
    async with browsing() as http:
        for route in unsafe:
            for headers in forged:
                address = f"{house.address}{path_of(route.path)}"
                answer = await http.request(route.method, address, headers=headers)
                assert answer.status == 403, (route.path, headers)
        still = await http.get(f"{house.address}/api/me", headers=without)
        assert (still.status, (await still.json())["agent"]["name"]) == (200, name)


async def test_signing_in_takes_json_of_this_site_only(house: Program) -> None:
    login = f"{house.address}/api/login"
    good, as_json = {"name": "x", "password": "y"}, {"Content-Type": "application/json"}
    async with browsing() as http:
        cases = [
            (403, {"json": good, "headers": {"Origin": "https://evil.example"}}),
            (403, {"json": good, "headers": {"Sec-Fetch-Site": "cross-site"}}),
            (400, {"data": good}),
            (400, {"data": '{"name": "x"', "headers": as_json}),
            (400, {"json": {**good, "role": "owner"}}),
            (400, {"json": {"name": "x", "password": 1}}),
            (400, {"json": {"name": "x\x00", "password": "y"}}),
            (400, {"json": [good]}),
            (413, {"data": io.BytesIO(b"x" * (MAX_BODY + 1)), "headers": as_json}),
        ]
        for status, request in cases:
            answer = await http.post(login, **request)  # type: ignore[arg-type]
            assert answer.status == status, request
            assert set(await answer.json()) == {"error"}


async def test_queries_are_strict_and_paths_hold_no_nul(house: Program, name: str) -> None:
    house.hire(name)
    _, cookie = await sign_in(house, name)
    unknown = "0" * 20
    cases = {
        "/api/entries?nonsense=1": 400,
        "/api/entries?state=old": 400,
        "/api/entries?q=%00": 400,
        f"/api/conversations/{unknown}": 404,
        f"/api/conversations/{unknown}/messages?limit=0": 400,
        f"/api/conversations/{unknown}/messages?before=x": 400,
        f"/api/conversations/{unknown}/messages": 404,
        "/api/conversations/%00": 404,
    }
    async with browsing(headers={"Cookie": cookie}) as http:
        for path, status in cases.items():
            answer = await http.get(f"{house.address}{path}")
            assert answer.status == status, path
        every = await (await http.get(f"{house.address}/api/entries")).json()
        assert every["total"] == len(every["items"]) >= 120
        wanted = every["items"][7]
        initials = wanted["initials"][1:5]
        found = await (await http.get(f"{house.address}/api/entries?q={initials}")).json()
        assert wanted in found["items"]
        assert found["total"] < every["total"]


@pytest.mark.parametrize(
    ("query", "headers", "language"),
    [
        ("", {}, "zh-CN"),
        ("", {"Accept-Language": "fr, en;q=0.8, zh;q=0.5"}, "en"),
        ("", {"Accept-Language": "zh-TW, en"}, "zh-CN"),
        ("", {"Accept-Language": "en", "Cookie": "lang=zh-CN"}, "zh-CN"),
        ("?lang=en", {"Accept-Language": "zh", "Cookie": "lang=zh-CN"}, "en"),
        ("?lang=xx", {"Accept-Language": "en"}, "en"),
        ("?lang=%22%3E%3Cscript%3E", {}, "zh-CN"),
    ],
)
async def test_the_language_of_a_page(
    house: Program, query: str, headers: dict[str, str], language: str
) -> None:
    async with browsing() as http:
        answer = await http.get(f"{house.address}/login{query}", headers=headers)
        text = await answer.text()
    assert f'<html lang="{language}"' in text
    assert ("Sign in" in text) == (language == "en")
    kept = answer.cookies.get("lang")
    assert (kept.value if kept else None) == ("en" if query == "?lang=en" else None)
    assert "<script>" not in text


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "/\\evil.example",
        "/%09/evil.example",
        "/%0a/evil.example",
        "/%0d%0aSet-Cookie:%20a=b",
        "https://evil.example",
        "javascript:alert(1)",
        "%5C%5Cevil.example",
        "/desk%00",
        "",
    ],
)
async def test_signing_in_never_leads_elsewhere(house: Program, name: str, wanted: str) -> None:
    house.hire(name)
    _, cookie = await sign_in(house, name)
    address = f"{house.address}/login?next={wanted}"
    async with browsing() as http:
        page = await (await http.get(address)).text()
        assert '"next":"/desk"' in page.replace(" ", "")
        answer = await http.get(address, headers={"Cookie": cookie}, allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (302, "/desk")
    assert "Set-Cookie" not in answer.headers


async def test_own_pages_lead_on(house: Program) -> None:
    async with browsing() as http:
        page = await (await http.get(f"{house.address}/login?next=/desk?c=1")).text()
        assert '"next":"/desk?c=1"' in page.replace(" ", "")
        for path, target in (("/", "/desk"), ("/desk", "/login?next=/desk")):
            answer = await http.get(f"{house.address}{path}", allow_redirects=False)
            assert (answer.status, answer.headers["Location"]) == (302, target)
        assert (await http.get(f"{house.address}/demo")).status == 404


async def test_built_files_and_nothing_else(house: Program) -> None:
    async with browsing() as http:
        page = await (await http.get(f"{house.address}/login")).text()
        named = re.findall(r'(?:src|href)="(/static/[^"]+)"', page)
        assert any(one.endswith(".js") for one in named)
        for path in named:
            answer = await http.get(f"{house.address}{path}")
            assert answer.status == 200, path
            assert "immutable" in answer.headers["Cache-Control"]
        launcher = await http.get(f"{house.address}/widget.js")
        assert launcher.headers["Cache-Control"] == "public, max-age=300"
        assert launcher.headers["Access-Control-Allow-Origin"] == "*"


async def test_no_way_out_of_the_folder(house: Program) -> None:
    secret = (house.data / "secret").read_text()
    out = "../" * 8
    data = str(house.data).lstrip("/")
    paths = [f"/static/{out}{data}/secret", f"/static/..%2f..%2f{data}%2fsecret"]
    paths += ["/static/..%5c..%5crun.py", "/static/.hidden", "/static//etc/passwd"]
    paths += ["/static/%2e%2e/package.json", "/static/", "/static/manifest.json/x", "/static/%00"]
    for path in paths:
        status, body = await raw_get(house, path)
        assert status in (400, 404), path
        assert secret not in body


async def raw_get(house: Program, path: str) -> tuple[int, str]:
    """Without a client library that would tidy the path up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    answer = (await reader.read()).decode(errors="replace")
    writer.close()
    await writer.wait_closed()
    return int(answer.split(" ", 2)[1]), answer
