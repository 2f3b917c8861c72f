"""Files over HTTP and in messages: who may bring what, how it is handed out again, and to whom."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from tests.clients import agent, shopper, sign_in
from tests.files import pictures
from tests.program import Program
from tests.web.browsing import Browsing, browsing

SHOP = {"Origin": "https://shop.example", "Sec-Fetch-Site": "cross-site"}
PDF = b"%PDF-1.7\n" + b"x" * 2000


@dataclass
class Doors:
    """Both ways in: an agent's, and a shopper's with their token."""

    house: Program
    key: str
    http: Browsing
    own: dict[str, str]
    token: str

    async def from_agent(self, content: Any, name: str = "a.png", **more: Any) -> Any:
        return await self.http.post(
            f"{self.house.address}/api/files", params={"name": name}, data=content,
            headers={**self.own, **more},
        )  # fmt: skip

    async def from_shopper(
        self, content: Any, name: str = "a.png", *, token: str | None = None, inbox: str = ""
    ) -> Any:
        token = self.token if token is None else token
        return await self.http.post(
            f"{self.house.address}/widget/files",
            params={"name": name, "inbox": inbox or self.key}, data=content,
            headers={**SHOP, "Authorization": f"Bearer {token}"},
        )  # fmt: skip

    async def file(self, content: Any = None, name: str = "a.png") -> dict[str, Any]:
        answer = await self.from_agent(pictures.png() if content is None else content, name)
        return await told(answer)


async def told(answer: aiohttp.ClientResponse) -> dict[str, Any]:
    assert answer.status == 200, await answer.text()
    file: dict[str, Any] = (await answer.json())["file"]
    return file


async def content_of(answer: aiohttp.ClientResponse) -> bytes:
    return (await answer.text("latin-1")).encode("latin-1")


async def code(answer: aiohttp.ClientResponse) -> tuple[int, str]:
    return answer.status, (await answer.json())["error"]["code"]


@pytest.fixture
async def doors(floor: Program, key: str, name: str) -> AsyncIterator[Doors]:
    floor.hire(name)
    body, cookie = await sign_in(floor, name)
    async with browsing() as http, shopper(floor, key) as shop:
        token = (await shop.call("sync"))["visitor"]
        own = {"Cookie": cookie, "X-CSRF-Token": body["csrf"], "Origin": floor.address}
        yield Doors(floor, key, http, own, token)


async def test_a_picture_goes_in_and_comes_out_bare(doors: Doors) -> None:
    file = await told(await doors.from_agent(pictures.jpeg(turned=6), "茶杯.jpg"))
    assert {**file, "size": 0} == {
        "id": file["id"], "name": "茶杯.jpg", "type": "image/jpeg", "size": 0, "width": 400,
        "height": 640, "url": f"/files/{file['id']}", "small": f"/files/{file['id']}/small",
    }  # fmt: skip
    whole = await doors.http.get(doors.house.address + file["url"])
    small = await doors.http.get(doors.house.address + file["small"])
    assert len(await content_of(whole)) == file["size"]
    assert pictures.SECRET.encode() not in await content_of(whole) + await content_of(small)
    assert (whole.content_type, small.content_type) == ("image/jpeg", "image/webp")
    for answer in (whole, small):
        shown = answer.headers
        assert shown["Content-Disposition"].startswith("inline; filename*=UTF-8''%E8%8C%B6")
        assert shown["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert shown["X-Content-Type-Options"] == "nosniff"
        assert shown["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "private, max-age=" in shown["Cache-Control"]
        assert "Set-Cookie" not in shown


async def test_other_files_leave_to_be_saved(doors: Doors) -> None:
    file = await doors.file(PDF, "说明.pdf")
    assert "width" not in file
    assert "small" not in file
    for path in (file["url"], f"{file['url']}/small"):
        answer = await doors.http.get(doors.house.address + path)
        assert await content_of(answer) == PDF
        assert answer.content_type == "application/pdf"
        assert answer.headers["Content-Disposition"].startswith("attachment; ")
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    part = await doors.http.get(doors.house.address + file["url"], headers={"Range": "bytes=0-4"})
    assert (part.status, await content_of(part)) == (206, b"%PDF-")


@pytest.mark.parametrize(
    ("content", "called", "status"),
    [
        (b"<svg onload=alert(1)>", "a.svg", 400),
        (b"<svg onload=alert(1)>", "a.png", 400),
        (b"<html>", "a.html", 400),
        (PDF, "a.png", 400),
        (b"GIF89a/*" + b"alert(1)//" * 100, "a.gif", 400),
        (pictures.jpeg()[:-5000], "a.jpg", 400),
        (pictures.bomb(), "a.png", 413),
        (b"", "a.png", 400),
        (b"x", "a.exe", 400),
    ],
)
async def test_what_is_turned_away(content: bytes, called: str, status: int, doors: Doors) -> None:
    refusal = {400: "invalid", 413: "too_large"}[status]
    assert await code(await doors.from_agent(content, called)) == (status, refusal)
    assert await code(await doors.from_shopper(content, called)) == (status, refusal)
    assert not list((doors.house.data / "uploading").glob("*"))


async def test_too_much_is_refused_before_it_is_all_here(doors: Doors) -> None:
    sent = 0

    async def body(first: bytes, most: int) -> AsyncIterator[bytes]:
        nonlocal sent
        yield first + bytes(4096)
        for _ in range(most):
            sent += 1
            yield bytes(1024 * 1024)

    assert await code(await doors.from_agent(body(pictures.png()[:100], 11))) == (
        413, "too_large"
    )  # fmt: skip
    assert await code(await doors.from_agent(body(b"%PDF-", 26), "a.pdf")) == (413, "too_large")
    assert await code(await doors.from_agent(body(b"MZ", 20), "a.exe")) == (400, "invalid")
    assert sent < 11 + 26 + 20, "the first bytes were enough"
    assert not list((doors.house.data / "uploading").glob("*"))


async def test_a_packed_body_is_not_unpacked(doors: Doors) -> None:
    packed = gzip.compress(bytes(30 * 1024 * 1024))
    answer = await doors.from_agent(packed, "a.txt", **{"Content-Encoding": "gzip"})
    assert answer.status in (400, 413), "it has NUL bytes, or too many"


async def test_only_who_they_say_they_are(doors: Doors) -> None:
    for token in ("", "made-up", doors.token[:-1]):
        assert await code(await doors.from_shopper(PDF, "a.pdf", token=token)) == (
            401, "unauthorized"
        )  # fmt: skip
    assert await code(await doors.from_shopper(PDF, "a.pdf", inbox="made-up")) == (404, "not_found")
    other = doors.house.open_inbox(doors.token[:8])
    assert await code(await doors.from_shopper(PDF, "a.pdf", inbox=other)) == (401, "unauthorized")
    nobody = await doors.http.post(f"{doors.house.address}/api/files?name=a.pdf", data=PDF)
    assert await code(nobody) == (401, "unauthorized")
    forged = await doors.from_agent(PDF, "a.pdf", **{"X-CSRF-Token": "made-up"})
    assert await code(forged) == (403, "forbidden")
    assert (await doors.from_agent(PDF, "a.pdf", **SHOP)).status == 403
    assert (await doors.http.get(f"{doors.house.address}/files/made-up")).status == 404


async def test_the_shops_page_may_ask(doors: Doors) -> None:
    asked = await doors.http.request(
        "OPTIONS", f"{doors.house.address}/widget/files",
        headers={**SHOP, "Access-Control-Request-Method": "POST"},
    )  # fmt: skip
    sent = await doors.from_shopper(PDF, "a.pdf")
    refused = await doors.from_shopper(PDF, "a.pdf", token="made-up")
    assert (asked.status, sent.status, refused.status) == (204, 200, 401)
    for answer in (asked, sent, refused):
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "Authorization" in asked.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Origin" not in (await doors.from_agent(PDF, "a.pdf")).headers


async def test_said_by_both_seen_by_both(doors: Doors, name: str) -> None:
    mine = await doors.file()
    theirs = await told(await doors.from_shopper(PDF, "单据.pdf"))
    async with (
        agent(doors.house, name) as desk,
        shopper(doors.house, doors.key, visitor=doors.token) as shop,
    ):
        first = await shop.call("say", client_id="shopper-1", kind="file", file=theirs["id"])
        assert first["ok"], first
        heard = await desk.event("message", lambda one: one["kind"] == "file")
        assert (heard["text"], heard["file"]) == ("", theirs)
        held = heard["conversation"]
        frame = {"conversation": held, "client_id": "agent-111", "kind": "image"}
        assert (await desk.call("say", **frame, file=mine["id"]))["ok"]
        repeat = await desk.call("say", **frame, file=mine["id"])
        assert repeat["duplicate"]
        shown = await shop.event("message", lambda one: one["kind"] == "image")
        assert shown["file"] == mine
        stranger = await desk.call("say", **{**frame, "client_id": "agent-112"}, file=theirs["id"])
        assert stranger["error"]["code"] == "not_found"
        twice = await shop.call("say", client_id="shopper-2", kind="file", file=theirs["id"])
        assert twice["error"]["code"] == "not_found"
        stolen = await shop.call("say", client_id="shopper-3", kind="image", file=mine["id"])
        assert stolen["error"]["code"] == "not_found"
        row = await desk.event(
            "conversation", lambda one: one.get("preview", {}).get("kind") == "file"
        )
        assert row["preview"]["text"] == ""
        assert (await desk.call("recall", conversation=held, seq=repeat["seq"]))["ok"]
        page = await shop.call("sync", after=0)
        assert "file" not in page["messages"][-1]
    gone = [await doors.http.get(doors.house.address + one) for one in (mine["url"], mine["small"])]
    assert [one.status for one in gone] == [404, 404]
    assert (await doors.http.get(doors.house.address + theirs["url"])).status == 200


@pytest.mark.parametrize(
    "frame",
    [
        {"kind": "image"},
        {"file": "x"},
        {"kind": "text", "text": "好", "file": "x"},
        {"kind": "video", "file": "x"},
        {"kind": "image", "file": {"id": "x"}},
        {"kind": "image", "file": ""},
        {"kind": "text", "text": ""},
    ],
)
async def test_frames_that_make_no_sense(frame: dict[str, Any], doors: Doors, name: str) -> None:
    async with (
        agent(doors.house, name) as desk,
        shopper(doors.house, doors.key, visitor=doors.token) as shop,
    ):
        ours = await desk.call("say", conversation="x", client_id="a-message", **frame)
        theirs = await shop.call("say", client_id="a-message", **frame)
        assert (ours["error"]["code"], theirs["error"]["code"]) == ("invalid", "invalid")


async def test_memory_stays_flat_while_files_stream(doors: Doors) -> None:
    async def body() -> AsyncIterator[bytes]:
        yield b"%PDF-"
        for _ in range(24):
            yield bytes(1024 * 1024)

    def resident() -> int:
        assert doors.house.process is not None
        with open(f"/proc/{doors.house.process.pid}/statm") as file:
            return int(file.read().split()[1]) * 4096

    before = resident()
    answers = await asyncio.gather(*(doors.from_agent(body(), "a.pdf") for _ in range(3)))
    assert [one.status for one in answers] == [200] * 3
    assert resident() - before < 25 * 1024 * 1024
