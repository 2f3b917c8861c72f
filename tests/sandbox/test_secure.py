"""Signature and encryption, held against the vectors of the protocol's page.

V1, V4 and V5 are from Tencent's sample libraries, V2 and V3 from the documents of 企业微信; the
others were made with another implementation.
"""

import base64
from dataclasses import dataclass

import pytest

from sandbox.secure import Unreadable, seal, signature, unseal

LIB_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
COM_KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"


@dataclass(frozen=True)
class Vector:
    key: str
    receiver: str
    sealed: str
    random: bytes
    plain: str
    token: str = ""
    timestamp: str = ""
    nonce: str = ""
    msg_signature: str = ""
    signature: str = ""


V1 = Vector(
    LIB_KEY,
    "wx2c2769f8efd9abc2",
    "hyzAe4OzmOMbd6TvGdIOO6uBmdJoD0Fk53REIHvxYtJlE2B655HuD0m8KUePWB3+LrPXo87wzQ1QLvbeUgmBM4x6F8PG"
    "HQHFVAFmOD2LdJF9FrXpbUAh0B5GIItb52sn896wVsMSHGuPE328HnRGBcrS7C41IzDWyWNlZkyyXwon8T332jisa+h6"
    "tEDYsVticbSnyU8dKOIbgU6ux5VTjg3yt+WGzjlpKn6NPhRjpA912xMezR4kw6KWwMrCVKSVCZciVGCgavjIQ6X8tCOp"
    "3yZbGpy0VxpAe+77TszTfRd5RJSVO/HTnifJpXgCSUdUue1v6h0EIBYYI1BD1DlD+C0CR8e6OewpusjZ4uBl9FyJvnhv"
    "Ql+q5rv1ixrcpCumEPo5MJSgM9ehVsNPfUM669WuMyVWQLCzpu9GhglF2PE=",
    b"89465c840c5f116f",
    "<xml><ToUserName><![CDATA[gh_10f6c3c3ac5a]]></ToUserName>\n"
    "<FromUserName><![CDATA[oyORnuP8q7ou2gfYjqLzSIWZf0rs]]></FromUserName>\n"
    "<CreateTime>1409735668</CreateTime>\n<MsgType><![CDATA[text]]></MsgType>\n"
    "<Content><![CDATA[abcdteT]]></Content>\n<MsgId>6054768590064713728</MsgId>\n</xml>",
    "spamtest",
    "1409735669",
    "1320562132",
    "5d197aaffba7e9b25a30732f161a50dee96bd5fa",
    "16120ec1b8dbb870f510d87ce6bc2463eae6ca1a",
)
V2 = Vector(
    COM_KEY,
    "wx5823bf96d3bd56c7",
    "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUp"
    "j911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue"
    "06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+"
    "3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH"
    "27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8"
    "R07+qN+E7Q==",
    b"0960688932c47ef1",
    "<xml><ToUserName><![CDATA[wx5823bf96d3bd56c7]]></ToUserName>\n"
    "<FromUserName><![CDATA[mycreate]]></FromUserName>\n<CreateTime>1409659813</CreateTime>\n"
    "<MsgType><![CDATA[text]]></MsgType>\n<Content><![CDATA[hello]]></Content>\n"
    "<MsgId>4561255354251345929</MsgId>\n<AgentID>218</AgentID>\n</xml>",
    "QDG6eK",
    "1409659813",
    "1372623149",
    "477715d11cdb4164915debcba66cb864d751f3e6",
)
V3 = Vector(
    COM_KEY,
    "wx5823bf96d3bd56c7",
    "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==",
    b"c41b64491c2468d0",
    "1616140317555161061",
    "QDG6eK",
    "1409659589",
    "263014780",
    "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3",
)
V4 = Vector(
    LIB_KEY,
    "wxb11529c136998cb6",
    "jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg==",
    b"aaaabbbbccccdddd",
    "我是中文abcd123",
    "pamtest",
    "1409304348",
    "xxxxxx",
    "82c962d39941aa48552f90ef55aa323dc620cc10",
    "76480565cbe296026c53aaacd1ad523a1ddba24f",
)
V5 = Vector(
    "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR",
    "wx49f0ab532d5d035a",
    "9s4gMv99m88kKTh/H8IdkOiMg6bisoy3ypwy9H4hvSPe9nsGaqyw5hhSjdYbcrKk+j3nba4HMOTzHrluLBYqxgNcBqGs"
    "L8GqxlhZgURnAtObvesEl5nZ+uBE8bviY0LWke8Zy9V/QYKxNV2FqllNXcfmstttyIkMKCCmVbCFM2JTF5wY0nFhHZSj"
    "PUL2Q1qvSUCUld+/WIXrx0oyKQmpB6o8NRrrNrsDf03oxI1p9FxUgMnwKKZeOA/uu+2IEvEBtb7muXsVbwbgX05UPPJv"
    "FurDXafG0RQyPR+mf1nDnAtQmmNOuiR5MIkdQ39xn1vWwi1O5oazPoQJz0nTYjxxEE8kv3kFxtAGVRe3ypD3WeK2XeFY"
    "FMNMpatF9XiKzHo3",
    b"1234567890123456",
    "<xml>\n<MsgType><![CDATA[text]]></MsgType>\n<Content><![CDATA[test]]></Content>\n"
    "<FromUserName><![CDATA[wx49f0ab532d5d035a]]></FromUserName>\n"
    "<ToUserName><![CDATA[messense]]></ToUserName>\n<AgentID>1</AgentID>\n"
    "<CreateTime>1411525903</CreateTime>\n</xml>",
    "123456",
    "1411525903",
    "461056294",
    "407518b7649e86ef23978113f92d27afa9296533",
)
PADS = [
    Vector(LIB_KEY, V1.receiver, sealed, b"0123456789abcdef", plain)
    for sealed, plain in (
        (
            "Q3stYC6hdFzMh9T8HCvyDBiKIeKbgjz4kv7NicVN5go2PdEvYWbkMeBfrJNyK8Z0eBYTa0BYG/ZhAVAdY2ZIQQ==",
            "",
        ),
        (
            "Q3stYC6hdFzMh9T8HCvyDHKNXV2kFh0kNSkrOec3Ns3+ulSLy48GRnlU6niJtHkogFiAe3Uwk7nrkVdC5QVlCg==",
            "x" * 25,
        ),
        (
            "Q3stYC6hdFzMh9T8HCvyDHDxbrF7f8TfmYxXSN1y2Vbjja9RgRLcXPjzJF67v90VqCI+oP5AvFesm/TURLI/Knns"
            "sYnLjpENg6/duBVJqNyjkC8Cg82uz8tPptv2yfPm",
            "x" * 26,
        ),
    )
]
ALL = [V1, V2, V3, V4, V5, *PADS]


@pytest.mark.parametrize("vector", ALL)
def test_a_vector_is_sealed_and_opened(vector: Vector) -> None:
    sealed = seal(vector.key, vector.plain.encode(), vector.receiver, random=vector.random)
    assert sealed == vector.sealed
    assert unseal(vector.key, vector.sealed) == (vector.plain.encode(), vector.receiver)


@pytest.mark.parametrize("vector", [one for one in ALL if one.token])
def test_a_vector_is_signed(vector: Vector) -> None:
    stamps = (vector.token, vector.timestamp, vector.nonce)
    assert signature(*stamps, vector.sealed) == vector.msg_signature
    assert vector.signature in ("", signature(*stamps))


def test_the_bare_signature() -> None:
    assert signature("789", "456", "123") == "f7c3bc1d808e04732adf679965ccc34ca7ae3441"


def test_fresh_bytes_each_time() -> None:
    assert seal(LIB_KEY, b"x", "wx") != seal(LIB_KEY, b"x", "wx")


@pytest.mark.parametrize(
    "sealed",
    ["", "not base64!", V1.sealed[:-8] + "AAAAAA==", base64.b64encode(bytes(31)).decode()],
)
def test_what_was_not_sealed_is_refused(sealed: str) -> None:
    with pytest.raises(Unreadable):
        unseal(V1.key, sealed)


def test_another_key_opens_nothing() -> None:
    with pytest.raises(Unreadable):
        unseal(COM_KEY, V1.sealed)
