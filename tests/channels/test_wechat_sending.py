"""How what the desk says leaves for 公众号 and 小程序, and how each answer of WeChat is read."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from channels import wechat_api
from channels.base import Outbound, SendFailed
from channels.wechat import Wechat
from tests.channels.test_wechat import config
from tests.channels.wechat_server import WechatServer, wechat_server
from tests.channels.wires import Passes, wire
from tests.servers import free_port

NOW = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
MB = 1024 * 1024
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


def outbound(text: str = "今天发货", **more: Any) -> Outbound:
    given = {"kind": "text", "data": None, "part": 0, "content": None, **more}
    return Outbound(
        person="oUser", key="m1", text=text, conversation="c1", at=NOW, letter="l1", **given
    )


async def sent(server: WechatServer, *given: Outbound, **settings: Any) -> list[bool]:
    """Sent one after the other; of each, whether more follows."""
    async with wire() as line:
        return [
            (await Wechat.send(config(server.url, **settings), one, line)).more for one in given
        ]


async def failure(server: WechatServer, one: Outbound, **settings: Any) -> SendFailed:
    with pytest.raises(SendFailed) as failed:
        await sent(server, one, **settings)
    assert failed.value.code in Wechat.reasons
    return failed.value


ITEMS = [{"id": "101", "text": "满意"}, {"id": "102", "text": "不满意"}]
MENU = {"menu": {"head": "满意吗？", "items": ITEMS, "tail": "谢谢"}}
CUP = {"title": "青瓷壶", "price": "¥199", "image": "http://s/p.jpg", "url": "http://s/p1"}


@pytest.mark.parametrize(
    ("given", "settings", "said"),
    [
        (outbound("今天\n发货👌"), {}, {"msgtype": "text", "text": {"content": "今天\n发货👌"}}),
        (outbound('<a href="weixin://x">点</a> <A>'), {},
         {"msgtype": "text", "text": {"content": '＜a href="weixin://x">点</a> ＜A>'}}),
        (outbound("x", data=MENU), {}, {"msgtype": "msgmenu", "msgmenu": {
            "head_content": "满意吗？", "tail_content": "谢谢",
            "list": [{"id": "101", "content": "满意"}, {"id": "102", "content": "不满意"}]}}),
        (outbound("x", data=MENU), {"account": "mini"},
         {"msgtype": "text", "text": {"content": "满意吗？\n1. 满意\n2. 不满意\n谢谢"}}),
        (outbound(kind="product", data=CUP), {}, {"msgtype": "news", "news": {"articles": [
            {"title": "青瓷壶", "description": "¥199", "url": "http://s/p1",
             "picurl": "http://s/p.jpg"}]}}),
        (outbound(kind="product", data=CUP), {"account": "mini"}, {"msgtype": "link", "link": {
            "title": "青瓷壶", "description": "¥199", "url": "http://s/p1",
            "thumb_url": "http://s/p.jpg"}}),
        (outbound("看看", kind="product", data={"title": "青瓷壶"}), {},
         {"msgtype": "text", "text": {"content": "看看\n青瓷壶"}}),
        (outbound("壶", data={"app": {"appid": "wx1", "path": "p/1", "thumb": "t"}}), {},
         {"msgtype": "miniprogrampage", "miniprogrampage": {
             "title": "壶", "appid": "wx1", "pagepath": "p/1", "thumb_media_id": "t"}}),
        (outbound(data={"media": {"id": "m", "type": "voice"}}), {},
         {"msgtype": "voice", "voice": {"media_id": "m"}}),
        (outbound("视频", data={"media": {"id": "m", "type": "video", "thumb": "t"}}), {},
         {"msgtype": "video", "video": {"media_id": "m", "title": "视频", "thumb_media_id": "t"}}),
    ],
)  # fmt: skip
async def test_each_kind_leaves_as_wechat_takes_it(
    given: Outbound, settings: dict[str, Any], said: Any
) -> None:
    async with wechat_server() as server:
        server.files["m"] = ("audio/amr", b"#!AMR")
        assert await sent(server, given, **settings) == [False]
        assert server.said == [{"touser": "oUser", **said}]
        assert server.refused == []


LONG = "".join(f"第{number}句话，说得很长很长。" for number in range(400))


async def test_long_text_leaves_in_parts_cut_after_sentences() -> None:
    count = len(Wechat.abilities.parts(LONG))
    async with wechat_server() as server:
        more = await sent(server, *[outbound(LONG, part=one) for one in range(count)])
        assert more == [True] * (count - 1) + [False]
        texts = server.texts()
        assert "".join(texts) == LONG
        assert all(one.endswith("。") and len(one.encode()) <= 2048 for one in texts)
        beyond = await failure(server, outbound(LONG, part=count))
        assert (beyond.code, beyond.retry) == ("content", False)


@pytest.mark.parametrize(
    ("errcode", "code", "retry", "closed"),
    [
        (-1, "busy", True, False),
        (45011, "busy", True, False),
        (45009, "calls", True, False),
        (40003, "gone", False, False),
        (43004, "gone", False, True),
        (43019, "gone", False, True),
        (45015, "window", False, True),
        (45047, "used_up", False, True),
        (40013, "credentials", False, False),
        (40125, "credentials", False, False),
        (40164, "address", False, False),
        (48001, "forbidden", False, False),
        (48004, "forbidden", False, False),
        (50002, "forbidden", False, False),
        *[(one, "content", False, False) for one in (40007, 40008, 44004, 45002, 47001)],
        *[(one, "media", False, False) for one in (40004, 40005, 40006, 45001)],
        (99999, "refused", False, False),
    ],
)
async def test_each_errcode_has_its_meaning(
    errcode: int, code: str, retry: bool, closed: bool
) -> None:
    async with wechat_server() as server:
        server.faults = [errcode]
        failed = await failure(server, outbound())
        assert (failed.code, failed.retry, failed.closed) == (code, retry, closed)
        assert not failed.ambiguous
        assert str(errcode) in failed.detail
        assert (server.tried, server.said) == (1, [])
        assert failed.most == (3 if errcode == -1 else 0)


@pytest.mark.parametrize("fault", ["http 500", "http 502", "http 301", "garbage", "cut", "silence"])
async def test_what_may_have_arrived_is_ambiguous(
    fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wechat_api, "ANSWER_S", 0.2)
    monkeypatch.setattr(wechat_api, "CONNECT_S", 0.2)
    async with wechat_server() as server:
        server.faults = [fault]
        failed = await failure(server, outbound())
        assert (failed.retry, failed.ambiguous, server.tried) == (False, True, 1)


async def test_who_is_not_there_is_called_again() -> None:
    failed = await failure(WechatServer(f"http://127.0.0.1:{free_port()}"), outbound())
    assert (failed.code, failed.retry, failed.ambiguous) == ("unreachable", True, False)


async def test_one_pass_serves_many_and_a_dead_one_is_renewed_once() -> None:
    passes = Passes()
    async with wechat_server() as server, wire(passes) as line:
        for _ in range(3):
            await Wechat.send(config(server.url), outbound(), line)
        assert (server.asked, len(server.said)) == (1, 3)
        server.expire()
        await Wechat.send(config(server.url), outbound(), line)
        assert (server.asked, len(server.said)) == (2, 4)
        assert server.refused == [("/cgi-bin/message/custom/send", 42001)]
        server.faults = [40001, 40001]
        failed = await failure(server, outbound())
        assert (failed.code, failed.retry, failed.most) == ("token", True, 3)


@pytest.mark.parametrize(
    ("blocked", "code", "retry", "detail"),
    [
        (40164, "address", False, "40164: 203.0.113.9"),
        (40001, "credentials", False, "40001"),
        (40125, "credentials", False, "40125"),
        (45009, "calls", True, "45009"),
        (-1, "busy", True, "-1"),
    ],
)
async def test_no_pass_says_what_is_missing(
    blocked: int, code: str, retry: bool, detail: str
) -> None:
    async with wechat_server() as server:
        server.blocked = blocked
        failed = await failure(server, outbound())
        assert (failed.code, failed.retry, failed.ambiguous) == (code, retry, False)
        assert (failed.detail, server.tried) == (detail, 0)


async def test_a_wrong_secret_is_named_by_its_own_code() -> None:
    async with wechat_server() as server, wire() as line:
        wrong = msgspec.structs.replace(config(server.url), app_secret="not ours")
        with pytest.raises(SendFailed) as failed:
            await Wechat.send(wrong, outbound(), line)
        assert (failed.value.code, failed.value.retry) == ("credentials", False)


def enclosing(folder: Path, body: bytes, kind: str = "text/html") -> Outbound:
    """A message with a file that is called a type of its own."""
    path = folder / "kept"
    path.write_bytes(body)
    return outbound(kind="image", data={"file": {"name": "壶.png", "type": kind}}, content=path)


async def test_pictures_go_up_and_come_down(tmp_path: Path) -> None:
    async with wechat_server() as server, wire() as line:
        await sent(server, enclosing(tmp_path, PNG))
        (media_id,) = server.files
        assert server.files[media_id] == ("image/png", PNG), "by what it is, not by what it says"
        assert server.said[0]["image"] == {"media_id": media_id}
        found = await Wechat.media(config(server.url), media_id, line)
        assert (found.type, found.body) == ("image/png", PNG)
        server.videos["v"] = (
            f"{server.url}/cgi-bin/media/get?media_id={media_id}&access_token="
            + (server.passes[-1])
        )
        assert (await Wechat.media(config(server.url), "v", line)).body == PNG


async def test_a_video_takes_a_blank_still_along(tmp_path: Path) -> None:
    async with wechat_server() as server:
        await sent(server, enclosing(tmp_path, b"\0\0\0\x18ftypmp42", "video/mp4"))
        video = server.said[0]["video"]
        assert server.files[video["media_id"]][0] == "video/mp4"
        kind, still = server.files[video["thumb_media_id"]]
        assert (kind, still[:3], still[-2:]) == ("image/jpeg", b"\xff\xd8\xff", b"\xff\xd9")
        assert video["title"] == "壶.png"


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest", "http://[::ffff:127.0.0.1]/x", "file:///etc/passwd",
        "http://evil.example/?qq.com", "http://qq.com.evil.example/", "https://qq.com:22/x",
        "http://user@qq.com/x", "http://0x7f.1/", "//evil", "http://[", "http://qq.com:x/",
    ],
)  # fmt: skip
async def test_a_video_elsewhere_is_not_fetched(url: str) -> None:
    async with wechat_server() as server, wire() as line:
        server.videos["v"] = url
        with pytest.raises(SendFailed) as failed:
            await Wechat.media(config(server.url), "v", line)
        assert (failed.value.code, failed.value.retry) == ("media", False)


@pytest.mark.parametrize(
    ("body", "settings"),
    [
        (b"<html>", {}),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 10 * MB, {}),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 20 * MB, {}),
        (b"\x89PN", {}),
        (b"\0\0\0\x18ftypmp42", {"account": "mini"}),
    ],
    ids=["no picture", "10 MB", "20 MB", "cut", "a video of a mini program"],
)
async def test_a_file_that_wechat_would_not_take_is_not_sent(
    tmp_path: Path, body: bytes, settings: dict[str, Any]
) -> None:
    async with wechat_server() as server:
        failed = await failure(server, enclosing(tmp_path, body, "image/png"), **settings)
        assert (failed.code, failed.retry) == ("media", False)
        assert (server.asked, server.tried) == (0, 0)


@pytest.mark.parametrize("account", ["official", "mini"])
async def test_typing_harms_nobody(account: str) -> None:
    async with wechat_server() as server, wire() as line:
        for _ in range(2):
            await Wechat.typing(config(server.url, account=account), "oUser", line)
        assert (server.typing, len(server.refused)) == (["oUser"], 1)
