"""Decodes one picture of a stranger's and writes it anew. A program of its own, which imports
nothing of ours: it takes its limits before it opens the file, and what goes wrong in it ends here.

python -I decoder.py GIVEN CONTENT SMALL

On standard output one JSON object: `type, width, height, small`, or `why` beside exit code 3 (not a
picture that can be read) or 4 (one that would take too much).
"""

import io
import json
import os
import resource
import sys
from typing import Any

from PIL import Image, ImageCms, ImageOps, ImageSequence

MEMORY = 640 * 1024 * 1024
CPU_S = 15
WRITTEN = 64 * 1024 * 1024
MOST_PIXELS = 50_000_000  # over all frames
KEPT_PIXELS = 16_000_000
MOST_FRAMES = 400
SMALL = 480
# a still that is this small is its own small one
SMALL_BYTES = 48 * 1024
BROKEN, TOO_MUCH = 3, 4
SAVING: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 88},
    "WEBP": {"quality": 88, "method": 4},
    "PNG": {},
    "GIF": {},
}


class TooMuch(Exception):
    """The message says what there is too much of."""


def main(given: str, content: str, small: str) -> int:
    """Returns the exit code."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_FSIZE, WRITTEN),
    ):
        resource.setrlimit(what, (most, most))
    try:
        said = _written_anew(given, content, small)
    except MemoryError:
        return _no(TOO_MUCH, "the picture takes too much memory")
    except TooMuch as much:
        return _no(TOO_MUCH, str(much))
    except Exception as wrong:  # a decoder may raise anything at bytes made to break it
        return _no(BROKEN, f"the picture cannot be read: {type(wrong).__name__}")
    sys.stdout.write(json.dumps(said))
    return 0


def _written_anew(given: str, content: str, small: str) -> dict[str, Any]:
    Image.MAX_IMAGE_PIXELS = None  # ours is asked below, and refuses where theirs warns
    with Image.open(given, formats=("JPEG", "PNG", "GIF", "WEBP")) as picture:
        width, height = picture.size
        # several pictures in one JPEG, as telephones make them, are its first one to us
        kind = "JPEG" if picture.format == "MPO" else str(picture.format)
        frames = getattr(picture, "n_frames", 1) if kind in ("GIF", "WEBP") else 1
        if width * height * frames > MOST_PIXELS or frames > MOST_FRAMES:
            raise TooMuch(f"{width} x {height} pixels and {frames} frames are too many")
        told: dict[str, Any] = {"type": f"image/{kind.lower()}"}
        if frames > 1:
            _save_moving(picture, kind, content)
            return {**told, "width": width, "height": height}
        still = _still(picture, kind)
    _save(still, kind, content)
    told |= {"width": still.width, "height": still.height}
    if max(still.size) > SMALL or os.path.getsize(content) > SMALL_BYTES:
        still.thumbnail((SMALL, SMALL))
        _save(_in_colours(still), "WEBP", small)
        told["small"] = True
    return told


def _still(picture: Image.Image, kind: str) -> Image.Image:
    """Upright, in the colours a browser shows, of bearable size."""
    exif, profile = picture.getexif(), picture.info.get("icc_profile")
    pixels = picture.width * picture.height
    if pixels > KEPT_PIXELS:
        part = (KEPT_PIXELS / pixels) ** 0.5
        size = max(1, int(picture.width * part)), max(1, int(picture.height * part))
        picture.draft("RGB", size)  # a JPEG can be decoded smaller than it is
        shrunk = _in_colours(picture) if picture.mode in ("P", "1") else picture
        picture = shrunk.resize(size, Image.Resampling.BOX)
    else:
        picture.load()
    turned = Image.new(picture.mode, (1, 1))
    turned.getexif()[0x0112] = exif.get(0x0112, 1)
    picture.info["exif"] = turned.getexif().tobytes()
    picture = ImageOps.exif_transpose(picture)
    if picture.mode.startswith("I"):
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    if profile and picture.mode in ("RGB", "RGBA", "CMYK"):
        picture = _in_srgb(picture, profile)
    if kind == "JPEG" and picture.mode not in ("L", "RGB"):
        return picture.convert("RGB")
    return _in_colours(picture) if kind == "WEBP" else picture


def _in_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    """A profile that makes no sense is left out."""
    wanted = "RGBA" if picture.mode == "RGBA" else "RGB"
    try:
        theirs = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        ours = ImageCms.createProfile("sRGB")
        done = ImageCms.profileToProfile(picture, theirs, ours, outputMode=wanted)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture
    return done or picture


def _in_colours(picture: Image.Image) -> Image.Image:
    """Without a palette, greys or inks, which not every format knows."""
    if picture.mode in ("RGB", "RGBA"):
        return picture
    clear = "A" in picture.mode or "transparency" in picture.info
    return picture.convert("RGBA" if clear else "RGB")


def _save(picture: Image.Image, kind: str, path: str) -> None:
    """Everything but the pixels and the one clear colour of a palette stays behind."""
    clear = picture.info.get("transparency")
    picture.info = {}
    more = {} if clear is None or kind not in ("PNG", "GIF") else {"transparency": clear}
    picture.save(path, kind, **SAVING[kind], **more)


def _save_moving(picture: Image.Image, kind: str, path: str) -> None:
    """Frame by frame, each for as long as it is shown."""
    frames, durations = [], []
    for frame in ImageSequence.Iterator(picture):
        durations.append(max(20, int(frame.info.get("duration") or 100)))
        kept = frame.convert("RGBA")
        kept.info = {}
        frames.append(kept)
    frames[0].save(
        path, kind, save_all=True, append_images=frames[1:], duration=durations, disposal=2,
        loop=0, **SAVING[kind],
    )  # fmt: skip


def _no(code: int, why: str) -> int:
    sys.stdout.write(json.dumps({"why": why}))
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
