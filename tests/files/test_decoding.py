"""Pictures written anew: nothing but pixels is left, nothing they do reaches us (T13, T14)."""

import resource
from pathlib import Path

import pytest
from PIL import Image

from console.files import decoding
from console.files.decoding import Decoding, Picture
from console.model.refusal import Refused
from tests.files import pictures


async def anew(content: bytes, folder: Path) -> tuple[Picture, bytes, bytes | None]:
    given, kept, small = folder / "given", folder / "kept", folder / "small"
    given.write_bytes(content)
    picture = await Decoding().write_anew(given, kept, small)
    return picture, kept.read_bytes(), small.read_bytes() if small.exists() else None


@pytest.mark.parametrize(("turned", "size"), [(1, (640, 400)), (3, (640, 400)), (6, (400, 640))])
async def test_a_photo_stands_upright_and_says_nothing_of_its_taker(
    turned: int, size: tuple[int, int], tmp_path: Path
) -> None:
    given = pictures.jpeg(turned=turned)
    assert pictures.SECRET.encode() in given
    picture, kept, small = await anew(given, tmp_path)
    assert picture == Picture("image/jpeg", *size, small=True)
    for content in (kept, small):
        assert content is not None
        shown = pictures.opened(content)
        assert dict(shown.getexif()) == {}
        assert not {"exif", "comment", "icc_profile", "xmp"} & shown.info.keys()
        assert pictures.SECRET.encode() not in content
    assert max(pictures.opened(small or b"").size) == 480
    red = {1: (0.1, 0.5), 3: (0.9, 0.5), 6: (0.5, 0.1)}[turned]
    pixel = pictures.opened(kept).getpixel((int(red[0] * size[0]), int(red[1] * size[1])))
    assert isinstance(pixel, tuple)
    assert pixel[0] > pixel[2], "the red half is where it was seen"


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF", "JPEG"])
async def test_every_kind_stays_what_it_is(kind: str, tmp_path: Path) -> None:
    picture, kept, _ = await anew(pictures.saved(pictures.photo(), kind), tmp_path)
    assert picture.type == f"image/{kind.lower()}"
    assert pictures.opened(kept).format == kind


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
async def test_every_way_to_hold_colours(mode: str, tmp_path: Path) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    given = (
        Image.new("I;16", (50, 50), 40_000) if mode == "I;16" else pictures.photo().convert(mode)
    )
    picture, kept, _ = await anew(pictures.saved(given, kind), tmp_path)
    assert (picture.width, picture.height) == given.size == pictures.opened(kept).size


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
async def test_what_moves_goes_on_moving(kind: str, tmp_path: Path) -> None:
    picture, kept, small = await anew(pictures.moving(kind=kind), tmp_path)
    assert picture == Picture(f"image/{kind.lower()}", 60, 40, small=False)
    assert getattr(pictures.opened(kept), "n_frames", 1) == 5
    assert small is None, "a still would not move"


async def test_what_hides_behind_a_picture_is_left_behind(tmp_path: Path) -> None:
    hidden = b"PK\x03\x04 <script>alert(1)</script>"
    for content in (pictures.png(), pictures.jpeg(), pictures.moving()):
        _, kept, small = await anew(content + hidden, tmp_path)
        assert b"script" not in kept
        assert b"script" not in (small or b"")


@pytest.mark.parametrize(
    "content",
    [
        pictures.jpeg()[:-4000],
        pictures.png()[:2000],
        b"GIF89a/*" + b"alert(1)//" * 100,
        b"\xff\xd8\xff<svg onload=alert(1)>" * 50,
        b"\x89PNG\r\n\x1a\n" + bytes(500),
    ],
    ids=["half a JPEG", "half a PNG", "script named GIF", "markup named JPEG", "nothing"],
)
async def test_what_is_no_whole_picture(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be read") as no:
        await anew(content, tmp_path)
    assert no.value.code == "invalid"


async def test_bombs(tmp_path: Path) -> None:
    before, others = (
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    for content in (pictures.bomb(), pictures.bomb(60_000, 900), pictures.moving(401)):
        with pytest.raises(Refused, match="too many") as no:
            await anew(content, tmp_path)
        assert no.value.code == "too_large"
    with pytest.raises(Refused, match="cannot be read"):  # claims what it does not hold
        await anew(pictures.bomb(7000, 7000), tmp_path)
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    assert children <= max(others, 650 * 1024)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20 * 1024


async def test_one_that_takes_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "WITHIN_S", 0.001)
    with pytest.raises(Refused, match="too long") as no:
        await anew(pictures.png(), tmp_path)
    assert no.value.code == "too_large"


async def test_a_large_photo_is_made_bearable(tmp_path: Path) -> None:
    given = Image.new("RGB", (6000, 4000), (200, 10, 10))
    picture, kept, _ = await anew(pictures.saved(given, "JPEG"), tmp_path)
    assert picture.width * picture.height <= 16_000_000
    assert pictures.opened(kept).size == (picture.width, picture.height)
    assert abs(picture.width / picture.height - 1.5) < 0.01
