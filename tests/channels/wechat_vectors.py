"""Sealed messages with all that seals them: Tencent's sample library (V1, V4, V5), WeCom's worked
example (V2, V3), and some of our own making (V6 to V9), each of which another program opened."""

from dataclasses import dataclass

from channels.wechat_crypto import Lock


@dataclass(frozen=True)
class Vector:
    """`signature` is the plain one, where it was given."""

    token: str
    key: str
    id: str
    timestamp: str
    nonce: str
    msg_signature: str
    encrypt: str
    random: str
    pad: int
    plain: str
    signature: str = ""

    @property
    def lock(self) -> Lock:
        return Lock(self.token, self.key, self.id)

    @property
    def query(self) -> dict[str, str]:
        return {
            "timestamp": self.timestamp,
            "nonce": self.nonce,
            "msg_signature": self.msg_signature,
        }


V1 = Vector(
    token="spamtest",
    key="abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
    id="wx2c2769f8efd9abc2",
    timestamp="1409735669",
    nonce="1320562132",
    msg_signature="5d197aaffba7e9b25a30732f161a50dee96bd5fa",
    encrypt=(
        "hyzAe4OzmOMbd6TvGdIOO6uBmdJoD0Fk53REIHvxYtJlE2B655HuD0m8KUePWB3+LrPXo87wzQ1Q"
        "LvbeUgmBM4x6F8PGHQHFVAFmOD2LdJF9FrXpbUAh0B5GIItb52sn896wVsMSHGuPE328HnRGBcrS"
        "7C41IzDWyWNlZkyyXwon8T332jisa+h6tEDYsVticbSnyU8dKOIbgU6ux5VTjg3yt+WGzjlpKn6N"
        "PhRjpA912xMezR4kw6KWwMrCVKSVCZciVGCgavjIQ6X8tCOp3yZbGpy0VxpAe+77TszTfRd5RJSV"
        "O/HTnifJpXgCSUdUue1v6h0EIBYYI1BD1DlD+C0CR8e6OewpusjZ4uBl9FyJvnhvQl+q5rv1ixrc"
        "pCumEPo5MJSgM9ehVsNPfUM669WuMyVWQLCzpu9GhglF2PE="
    ),
    random="89465c840c5f116f",
    pad=2,
    plain=(
        "<xml><ToUserName><![CDATA[gh_10f6c3c3ac5a]]></ToUserName>\n<FromUserName><![C"
        "DATA[oyORnuP8q7ou2gfYjqLzSIWZf0rs]]></FromUserName>\n<CreateTime>1409735668</"
        "CreateTime>\n<MsgType><![CDATA[text]]></MsgType>\n<Content><![CDATA[abcdteT]]>"
        "</Content>\n<MsgId>6054768590064713728</MsgId>\n</xml>"
    ),
    signature="16120ec1b8dbb870f510d87ce6bc2463eae6ca1a",
)
V2 = Vector(
    token="QDG6eK",
    key="jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
    id="wx5823bf96d3bd56c7",
    timestamp="1409659813",
    nonce="1372623149",
    msg_signature="477715d11cdb4164915debcba66cb864d751f3e6",
    encrypt=(
        "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0Q"
        "ADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8"
        "dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff"
        "0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrX"
        "JB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZp"
        "S+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2p"
        "DBS8R07+qN+E7Q=="
    ),
    random="0960688932c47ef1",
    pad=30,
    plain=(
        "<xml><ToUserName><![CDATA[wx5823bf96d3bd56c7]]></ToUserName>\n<FromUserName><"
        "![CDATA[mycreate]]></FromUserName>\n<CreateTime>1409659813</CreateTime>\n<MsgT"
        "ype><![CDATA[text]]></MsgType>\n<Content><![CDATA[hello]]></Content>\n<MsgId>4"
        "561255354251345929</MsgId>\n<AgentID>218</AgentID>\n</xml>"
    ),
)
V3 = Vector(
    token="QDG6eK",
    key="jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
    id="wx5823bf96d3bd56c7",
    timestamp="1409659589",
    nonce="263014780",
    msg_signature="5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3",
    encrypt=(
        "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="
    ),
    random="c41b64491c2468d0",
    pad=7,
    plain="1616140317555161061",
)
V4 = Vector(
    token="pamtest",
    key="abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
    id="wxb11529c136998cb6",
    timestamp="1409304348",
    nonce="xxxxxx",
    msg_signature="82c962d39941aa48552f90ef55aa323dc620cc10",
    encrypt=(
        "jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg=="
    ),
    random="aaaabbbbccccdddd",
    pad=7,
    plain="我是中文abcd123",
    signature="76480565cbe296026c53aaacd1ad523a1ddba24f",
)
V5 = Vector(
    token="123456",
    key="kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR",
    id="wx49f0ab532d5d035a",
    timestamp="1411525903",
    nonce="461056294",
    msg_signature="407518b7649e86ef23978113f92d27afa9296533",
    encrypt=(
        "9s4gMv99m88kKTh/H8IdkOiMg6bisoy3ypwy9H4hvSPe9nsGaqyw5hhSjdYbcrKk+j3nba4HMOTz"
        "HrluLBYqxgNcBqGsL8GqxlhZgURnAtObvesEl5nZ+uBE8bviY0LWke8Zy9V/QYKxNV2FqllNXcfm"
        "stttyIkMKCCmVbCFM2JTF5wY0nFhHZSjPUL2Q1qvSUCUld+/WIXrx0oyKQmpB6o8NRrrNrsDf03o"
        "xI1p9FxUgMnwKKZeOA/uu+2IEvEBtb7muXsVbwbgX05UPPJvFurDXafG0RQyPR+mf1nDnAtQmmNO"
        "uiR5MIkdQ39xn1vWwi1O5oazPoQJz0nTYjxxEE8kv3kFxtAGVRe3ypD3WeK2XeFYFMNMpatF9XiK"
        "zHo3"
    ),
    random="1234567890123456",
    pad=3,
    plain=(
        "<xml>\n<MsgType><![CDATA[text]]></MsgType>\n<Content><![CDATA[test]]></Content"
        ">\n<FromUserName><![CDATA[wx49f0ab532d5d035a]]></FromUserName>\n<ToUserName><!"
        "[CDATA[messense]]></ToUserName>\n<AgentID>1</AgentID>\n<CreateTime>1411525903<"
        "/CreateTime>\n</xml>"
    ),
)
V6 = Vector(
    token="QDG6eK",
    key="jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
    id="ww12345678910",
    timestamp="1409659813",
    nonce="1372623149",
    msg_signature="3acac855300d91e25ba9f0ae13333e28e35dbf40",
    encrypt=(
        "sKqRbbiSUnDhFHOvPjtUMdU3YESFaz5WZ5AThak2S8Vd5PnnGTHaXPrme+ul3RJq/h6oSsPK/t1Y"
        "bWkQ5rpv17gc7yAbr+wsJmRpq1l7MclSbABVtu93lfQ4ylGbh+o5JKdDuN8wl1YvJgVACFjQpYJp"
        "qugzz1mo1RZFGHAEz6RbJbVy4upQiPkszKm5i9cc42TGK1m2d5IqbgL5M9ZcEbZbnIjSRyS8rV3b"
        "3WcijUWQs86i/wXcvejgtV8Wk5BEp3nUDebgBBDnufYUJpWXRnhvEu+q+p6fAmdN/uJs/RH0hyDO"
        "26XeYhBPLEaYq8nK+GDT5fx222M7TIx5NkiwQvNSDo71rnrPc8+WWw2suj9YGzomHmcONgYMaI4C"
        "6SBCE117pear6bDduE7LO7dYEHwJL/9KOgrXRovj0aa7D45iBr3QHCs05zx3HhzOl2s3S1h9chk6"
        "i/7cTJ1sITlTuw=="
    ),
    random="0123456789abcdef",
    pad=29,
    plain=(
        "<xml><ToUserName><![CDATA[ww12345678910]]></ToUserName><CreateTime>134883186"
        "0</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[kf_msg_or_"
        "event]]></Event><Token><![CDATA[ENCApHxnGDNAVNY4AaSJKj4Tb5mwsEMzxhFmHVGcra99"
        "6NR]]></Token><OpenKfId><![CDATA[wkxxxxxxx]]></OpenKfId></xml>"
    ),
)
V7 = Vector(
    token="",
    key="abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
    id="wx2c2769f8efd9abc2",
    timestamp="",
    nonce="",
    msg_signature="",
    encrypt=(
        "Q3stYC6hdFzMh9T8HCvyDBiKIeKbgjz4kv7NicVN5go2PdEvYWbkMeBfrJNyK8Z0eBYTa0BYG/ZhAVAdY2ZIQQ=="
    ),
    random="0123456789abcdef",
    pad=26,
    plain="",
)
V8 = Vector(
    token="",
    key="abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
    id="wx2c2769f8efd9abc2",
    timestamp="",
    nonce="",
    msg_signature="",
    encrypt=(
        "Q3stYC6hdFzMh9T8HCvyDHKNXV2kFh0kNSkrOec3Ns3+ulSLy48GRnlU6niJtHkogFiAe3Uwk7nrkVdC5QVlCg=="
    ),
    random="0123456789abcdef",
    pad=1,
    plain="xxxxxxxxxxxxxxxxxxxxxxxxx",
)
V9 = Vector(
    token="",
    key="abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
    id="wx2c2769f8efd9abc2",
    timestamp="",
    nonce="",
    msg_signature="",
    encrypt=(
        "Q3stYC6hdFzMh9T8HCvyDHDxbrF7f8TfmYxXSN1y2Vbjja9RgRLcXPjzJF67v90VqCI+oP5AvFes"
        "m/TURLI/KnnssYnLjpENg6/duBVJqNyjkC8Cg82uz8tPptv2yfPm"
    ),
    random="0123456789abcdef",
    pad=32,
    plain="xxxxxxxxxxxxxxxxxxxxxxxxxx",
)

ALL = {"V1": V1, "V2": V2, "V3": V3, "V4": V4, "V5": V5, "V6": V6, "V7": V7, "V8": V8, "V9": V9}
