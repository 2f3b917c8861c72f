"""Which files are taken: by their first bytes, and only under a name that says the same."""

import pytest

from console.files.kinds import GIF, JPEG, PNG, WEBP, clean, picture_name, sort_of
from console.model.refusal import Refused

ZIP = b"PK\x03\x04rest"


@pytest.mark.parametrize(
    ("name", "head", "kind", "picture"),
    [
        ("a.jpg", b"\xff\xd8\xff\xe0", JPEG, True),
        ("A.JPEG", b"\xff\xd8\xff\xe1", JPEG, True),
        ("a.jpg", b"\x89PNG\r\n\x1a\n", PNG, True),
        ("image", b"GIF89a", GIF, True),
        ("a.webp", b"RIFF\x00\x00\x00\x00WEBPVP8 ", WEBP, True),
        ("说明.pdf", b"%PDF-1.7", "application/pdf", False),
        ("a.zip", ZIP, "application/zip", False),
        ("a.mp4", b"\x00\x00\x00\x18ftypmp42", "video/mp4", False),
        ("a.amr", b"#!AMR\n", "audio/amr", False),
        ("a.mp3", b"ID3\x04", "audio/mpeg", False),
        ("a.txt", "你好".encode("gbk"), "text/plain", False),
    ],
)
def test_what_is_taken(name: str, head: bytes, kind: str, picture: bool) -> None:
    sort = sort_of(name, head)
    assert (sort.type, sort.picture) == (kind, picture)


@pytest.mark.parametrize(
    ("name", "head", "sentence"),
    [
        ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg'>", "named like a picture"),
        ("a.jpg", b"<html><script>", "named like a picture"),
        ("a.gif", ZIP, "named like a picture"),
        ("a.svg", b"<svg>", "not taken"),
        ("a.html", b"<html>", "not taken"),
        ("a.exe", b"MZ", "not taken"),
        ("a.png.js", b"\x89PNG\r\n\x1a\n", "not taken"),
        ("noend", b"hello", "not taken"),
        ("a.pdf", b"\xff\xd8\xff\xe0", "not what its name says"),
        ("a.docx", b"%PDF-1.7", "not what its name says"),
        ("a.txt", b" \xef\xbb\xbf<!DOCTYPE html>", "not what its name says"),
        ("a.txt", b"\n<SVG onload=1>", "not what its name says"),
        ("a.txt", b"a\x00b", "not what its name says"),
        ("a.txt", b"GIF89a/*", "not what its name says"),
        ("a.png", b"", "empty"),
    ],
)
def test_what_is_not(name: str, head: bytes, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence) as no:
        sort_of(name, head)
    assert no.value.code == "invalid"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\Users\\王\\茶杯.jpg", "茶杯.jpg"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("a\r\nSet-Cookie: x.txt", "aSet-Cookie: x.txt"),
        ("好" * 300 + ".png", "好" * 116 + ".png"),
        ("...", ""),
    ],
)
def test_a_name_is_only_a_name(given: str, kept: str) -> None:
    assert clean(given) == kept


def test_a_picture_is_called_what_it_is() -> None:
    assert picture_name("a.jpg", PNG) == "a.png"
    assert picture_name("v1.2", JPEG) == "v1.2.jpg"
    assert picture_name(".jpg", JPEG) == "picture.jpg"
