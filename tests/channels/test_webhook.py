"""What a signed post becomes and how a bad one is named; how each answer of the far end is read."""

import asyncio
import socket
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from channels import webhook
from channels.base import BadPayload, Call, Forged, Inbound, Outbound, SendFailed
from channels.webhook import Webhook, WebhookConfig
from tests.channels.wires import wire
from tests.servers import free_port
from tests.shopbot import SECRET, Behaviour, shop_bot, signed

NOW = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
CONFIG = WebhookConfig(secret=SECRET, url="http://127.0.0.1:1/in")
WORDS = Outbound(person="u-1", key="m1", kind="text", text="今天发货", conversation="c1", at=NOW)


def call(post: Any, *, late_s: int = 0, secret: str = SECRET, **headers: str) -> Call:
    body = post if isinstance(post, bytes) else msgspec.json.encode(post)
    at = int(NOW.timestamp()) - late_s
    names = {key.lower(): value for key, value in signed(body, secret=secret, at=at).items()}
    return Call({**names, **headers}, body)


def post(**more: Any) -> dict[str, Any]:
    return {"id": "7", "person": "u-1", "text": "在吗"} | more


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (post(), Inbound("u-1", "7", "text", "在吗")),
        (post(name="张三"), Inbound("u-1", "7", "text", "在吗", name="张三")),
        (post(kind="event", text="关注了"), Inbound("u-1", "7", "event", "关注了")),
        (post(id="x" * 200), Inbound("u-1", "x" * 200, "text", "在吗")),
    ],
)
def test_a_signed_post_is_read(given: Any, read: Inbound) -> None:
    for late_s in (-300, 0, 300):
        heard = Webhook.receive(CONFIG, call(given, late_s=late_s), NOW)
        assert heard.inbound == (read,)
        assert heard.answer == '{"ok":true}'


@pytest.mark.parametrize(
    ("given", "field", "sentence"),
    [
        (post(text=" \n"), "text", "`text` is empty"),
        (post(text=None), "body", r"\$\.text"),
        (post(id=""), "body", r"\$\.id"),
        (post(id=7), "body", r"\$\.id"),
        (post(person="x" * 201), "body", r"\$\.person"),
        (post(kind="order"), "body", "order"),
        (post(colour="red"), "body", "colour"),
        ({"id": "7", "text": "在吗"}, "body", "person"),
        ([], "body", "object"),
        (b"", "body", "truncated"),
        (b'{"id": "7", "person": "u", "text": "\xff"}', "body", "utf-8"),
        (b'{"id": "7", "person": "u", "text": "\\ud800"}', "body", "truncated"),
    ],
)
def test_what_is_wrong_is_named(given: Any, field: str, sentence: str) -> None:
    with pytest.raises(BadPayload, match=sentence) as wrong:
        Webhook.receive(CONFIG, call(given), NOW)
    assert wrong.value.field == field


def bent(text: str) -> str:
    return text[:-1] + ("0" if text[-1] != "0" else "1")


GOOD = call(post())
STAMP, PROOF = webhook.TIMESTAMP.lower(), webhook.SIGNATURE.lower()


@pytest.mark.parametrize(
    ("forged", "sentence"),
    [
        (Call({}, GOOD.body), "Timestamp"),
        (Call({STAMP: GOOD.headers[STAMP]}, GOOD.body), "Signature"),
        (Call({**GOOD.headers, PROOF: bent(GOOD.headers[PROOF])}, GOOD.body), "Signature"),
        (Call({**GOOD.headers, PROOF: GOOD.headers[PROOF].upper()}, GOOD.body), "Signature"),
        (Call({**GOOD.headers, PROOF: "sha256=é\udce9"}, GOOD.body), "Signature"),
        (Call({**GOOD.headers, STAMP: bent(GOOD.headers[STAMP])}, GOOD.body), "Signature"),
        (Call({**GOOD.headers, STAMP: "soon"}, GOOD.body), "number"),
        (Call({**GOOD.headers, STAMP: "٣" * 10}, GOOD.body), "number"),
        (Call({**GOOD.headers, STAMP: "9" * 400}, GOOD.body), "number"),
        (Call(GOOD.headers, GOOD.body + b" "), "Signature"),
        (call(post(), secret="another secret"), "Signature"),
        (call(post(), late_s=301), "300 s"),
        (call(post(), late_s=-301), "300 s"),
    ],
)
def test_a_forged_call_is_turned_away(forged: Call, sentence: str) -> None:
    with pytest.raises(Forged, match=sentence):
        Webhook.receive(CONFIG, forged, NOW)


async def sent(config: WebhookConfig) -> None:
    async with wire() as line:
        await Webhook.send(config, WORDS, line)


async def failure(config: WebhookConfig) -> SendFailed:
    with pytest.raises(SendFailed) as failed:
        await sent(config)
    assert failed.value.code in Webhook.reasons
    return failed.value


def to(url: str) -> WebhookConfig:
    return WebhookConfig(secret=SECRET, url=url)


@pytest.mark.parametrize("status", [200, 201, 202, 204])
async def test_what_the_far_end_takes_is_sent(status: int) -> None:
    async with shop_bot(lambda _: status) as bot:
        await sent(to(bot.url))
        assert bot.wrong == []
        assert bot.taken == [
            {
                "id": "m1",
                "person": "u-1",
                "conversation": "c1",
                "text": "今天发货",
                "at": "2026-01-05T09:30:00.000Z",
            }
        ]


@pytest.mark.parametrize(
    ("status", "code", "retry"),
    [
        *[(one, "refused", False) for one in (301, 302, 307, 400, 401, 403, 404, 410, 413, 422)],
        *[(one, "failing", True) for one in (408, 425, 429, 500, 502, 503, 504)],
    ],
)
async def test_each_status_has_its_meaning(status: int, code: str, retry: bool) -> None:
    async with shop_bot(lambda _: status) as bot:
        failed = await failure(to(bot.url))
        assert (failed.code, failed.retry, failed.ambiguous) == (code, retry, False)
        assert failed.detail == str(status)
        assert len(bot.tried) == 1, "neither tried again nor redirected by itself"


async def test_a_file_goes_as_an_address() -> None:
    file = {"id": "f1", "name": "a.png", "type": "image/png", "size": 9, "url": "/files/f1"}
    picture = replace(WORDS, kind="image", text="", data={"file": file})
    async with shop_bot(lambda _: 200) as bot, wire() as world:
        await Webhook.send(to(bot.url), picture, world)
        assert bot.wrong == []
        assert [(one["kind"], one["file"], one["text"]) for one in bot.taken] == [
            ("image", file, "")
        ]


async def test_a_wrong_secret_is_refused() -> None:
    async with shop_bot() as bot:
        failed = await failure(WebhookConfig(secret="not ours", url=bot.url))
        assert (failed.code, failed.detail, bot.wrong) == ("refused", "401", ["signature"])


async def test_who_is_not_there_is_called_again() -> None:
    failed = await failure(to(f"http://127.0.0.1:{free_port()}/in"))
    assert (failed.code, failed.retry, failed.ambiguous) == ("unreachable", True, False)


async def test_an_address_that_is_none_is_not_called() -> None:
    failed = await failure(to("http://[::1/in"))
    assert (failed.code, failed.retry, failed.ambiguous) == ("unreachable", False, False)


async def test_silence_after_the_message_left_is_ambiguous(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(webhook, "ANSWER_S", 0.2)
    monkeypatch.setattr(webhook, "CONNECT_S", 0.2)
    silent: Behaviour = lambda _: "silence"  # noqa: E731
    async with shop_bot(silent) as bot:
        failed = await failure(to(bot.url))
        assert (failed.code, failed.retry, failed.ambiguous) == ("silent", False, True)
        assert len(bot.tried) == 1


async def test_a_line_cut_after_the_message_left_is_ambiguous() -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"Idempotency-Key")
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    async with server:
        host, port = server.sockets[0].getsockname()
        failed = await failure(to(f"http://{host}:{port}/in"))
    assert (failed.code, failed.ambiguous) == ("silent", True)


async def test_nobody_accepts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A full backlog: the connection is never made, so nothing has left."""
    monkeypatch.setattr(webhook, "CONNECT_S", 0.2)
    with socket.socket() as full, socket.socket() as first, socket.socket() as second:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for one in (first, second):
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        host, port = full.getsockname()
        failed = await failure(to(f"http://{host}:{port}/in"))
    assert (failed.code, failed.retry, failed.ambiguous) == ("unreachable", True, False)


@pytest.mark.parametrize(
    "values",
    [{"secret": "", "url": "http://x/"}, {"secret": "s", "url": "ftp://x/"}, {"url": "http://x"}],
)
def test_settings_are_checked(values: dict[str, str]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(values, WebhookConfig)
