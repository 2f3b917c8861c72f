"""Pictures made for tests, good ones and bad ones."""

import io
import struct
import zlib
from typing import Any

from PIL import Image

PLACE = {1: "N", 2: (30.0, 16.0, 0.0), 3: "E", 4: (120.0, 9.0, 0.0)}
SECRET = "Pixel of 张三"


def photo(width: int = 640, height: int = 400, **more: Any) -> Image.Image:
    """Red on the left, blue on the right, noise so that it does not shrink to nothing."""
    noise = Image.effect_noise((width, height), 40).convert("RGB")
    tint = Image.new("RGB", (width, height), (40, 40, 220))
    tint.paste((220, 40, 40), (0, 0, width // 2, height))
    return Image.blend(noise, tint, 0.8)


def jpeg(*, turned: int = 1, **size: int) -> bytes:
    """As a telephone takes it: with the place, its owner's name, and which side is up."""
    exif = Image.Exif()
    exif[0x0112], exif[0x013B], exif[0x8825] = turned, SECRET, PLACE
    return saved(photo(**size), "JPEG", exif=exif, comment=SECRET.encode())


def png(**size: int) -> bytes:
    return saved(photo(**size), "PNG")


def moving(frames: int = 5, kind: str = "GIF") -> bytes:
    drawn = [Image.new("RGB", (60, 40), (one * 7 % 256, one % 256, 9)) for one in range(frames)]
    return saved(drawn[0], kind, save_all=True, append_images=drawn[1:], duration=120)


def bomb(width: int = 20_000, height: int = 20_000) -> bytes:
    """A few kilobytes that would unpack to hundreds of megabytes."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compressobj(9)
    line = bytes(1 + 3 * 1000)
    data = b"".join(rows.compress(line) for _ in range(1000)) + rows.flush()
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in ((b"IHDR", header), (b"IDAT", data), (b"IEND", b""))
    )


def saved(picture: Image.Image, kind: str, **how: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **how)
    return file.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))
