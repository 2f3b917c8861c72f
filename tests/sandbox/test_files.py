"""Files up and down: the form as documented, types, sizes, and three days."""

import io
from typing import Any

import aiohttp
import pytest

from sandbox import Kind
from sandbox.media import MB
from sandbox.said import DOT
from tests.sandbox.conftest import Far
from tests.sandbox.test_answers import AMR, JPG, MP4


async def upload(
    far: Far, type_: str, data: bytes, kind: Kind = Kind.OFFICIAL, *, part: str = "media"
) -> Any:
    form = aiohttp.FormData()
    form.add_field(
        part, io.BytesIO(data), filename="a.bin", content_type="application/octet-stream"
    )
    query = {"access_token": await far.token(kind), "type": type_}
    async with far.http.post(f"{far.url}/cgi-bin/media/upload", params=query, data=form) as answer:
        return await answer.json()


@pytest.mark.parametrize(
    ("kind", "type_", "data"),
    [
        (Kind.OFFICIAL, "image", DOT),
        (Kind.OFFICIAL, "voice", AMR),
        (Kind.OFFICIAL, "thumb", JPG),
        (Kind.MINI, "image", JPG),
        (Kind.KF, "file", b"\r\n--x\r\n" + bytes(range(256))),
        (Kind.KF, "video", MP4),
    ],
)
async def test_up_and_down(far: Far, kind: Kind, type_: str, data: bytes) -> None:
    given = await upload(far, type_, data, kind)
    assert given["type"] == type_
    query = {"access_token": await far.token(kind), "media_id": given["media_id"]}
    async with far.http.get(f"{far.url}/cgi-bin/media/get", params=query) as answer:
        assert "attachment" in answer.headers["Content-Disposition"]
        assert await answer.read() == data
    await far.play("clock", advance=3 * 86_400 + 1)
    far.tokens.clear()
    gone = await far.get(
        "media/get", access_token=await far.token(kind), media_id=given["media_id"]
    )
    assert gone["errcode"] == 40007


@pytest.mark.parametrize(
    ("kind", "type_", "data", "code"),
    [
        (Kind.OFFICIAL, "file", DOT, 40004),
        (Kind.MINI, "voice", AMR, 40004),
        (Kind.OFFICIAL, "image", b"", 44001),
        (Kind.OFFICIAL, "image", b"<svg/>", 40005),
        (Kind.OFFICIAL, "thumb", DOT, 40005),
        (Kind.OFFICIAL, "thumb", JPG + bytes(64 * 1024), 45001),
        (Kind.OFFICIAL, "image", DOT + bytes(10 * MB), 45001),
        (Kind.KF, "voice", b"ID3" + bytes(9), 40005),
        (Kind.KF, "file", b"1234", 40005),
    ],
    ids=lambda one: f"{len(one)} bytes" if isinstance(one, bytes) else str(one),
)
async def test_what_is_not_taken(far: Far, kind: Kind, type_: str, data: bytes, code: int) -> None:
    assert (await upload(far, type_, data, kind))["errcode"] == code


async def test_the_form_is_as_documented(far: Far) -> None:
    assert (await upload(far, "image", DOT, part="file"))["errcode"] == 41005
    query = {"access_token": await far.token(), "type": "image"}
    async with far.http.post(f"{far.url}/cgi-bin/media/upload", params=query, data=DOT) as answer:
        assert (await answer.json())["errcode"] == 41005


async def test_a_shoppers_picture_has_an_address_and_a_video_has_one_too(far: Far) -> None:
    await far.act("image")
    [push] = await far.log("push")
    async with far.http.get(push["message"]["PicUrl"]) as answer:
        assert (answer.content_type, await answer.read()) == ("image/png", DOT)
    await far.act("video")
    video = (await far.log("push"))[-1]["message"]["MediaId"]
    given = await far.get("media/get", access_token=await far.token(), media_id=video)
    async with far.http.get(given["video_url"]) as answer:
        assert answer.content_type == "video/mp4"
