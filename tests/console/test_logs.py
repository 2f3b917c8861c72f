"""The log: fields for machines, lines for people, and nobody's words, whatever goes wrong."""

import asyncio
import json
import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from console import logs
from console.model.refusal import Refused
from console.store import sqlite_file
from tests.clients import agent, shopper, sign_in
from tests.program import PASSWORD, Program
from tests.servers import stop
from tests.web.raw import raw

WORDS = "我的银行卡号是六二二八"
NOTE = "这位客人很难缠的备注"
WRONG = "wrong-password-never-log-me"
NAME = "typed-my-password-as-name"
IDENTITY_SECRET = "an-identity-secret-of-the-shop"
MALFORMED = "malformed-words-of-a-shopper"


@pytest.fixture
def own_logging() -> Iterator[None]:
    """What a test begins does not stay."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers = handlers
    root.setLevel(level)
    for name in logs.OURS:
        logging.getLogger(name).setLevel(logging.NOTSET)


def line(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    text = capsys.readouterr().err
    assert text.count("\n") == 1, text
    return dict(json.loads(text))


@pytest.mark.usefixtures("own_logging")
def test_ids_are_fields(capsys: pytest.CaptureFixture[str]) -> None:
    logs.begin("info", "json")
    logging.getLogger("console.desk").warning("agent %s is gone", "a1", extra={"agent": "a1"})
    said = line(capsys)
    assert said.pop("time").endswith("Z")
    assert said == {
        "level": "warning", "logger": "console.desk", "message": "agent a1 is gone", "agent": "a1",
    }  # fmt: skip


@pytest.mark.usefixtures("own_logging")
def test_a_person_reads_lines(capsys: pytest.CaptureFixture[str]) -> None:
    logs.begin("info", "text")
    logging.getLogger("console.desk").info("a talk began", extra={"conversation": "c1"})
    assert "[info] a talk began [console.desk] conversation=c1\n" in capsys.readouterr().err


@pytest.mark.usefixtures("own_logging")
def test_fields_are_hidden_by_their_name(capsys: pytest.CaptureFixture[str]) -> None:
    logs.begin("info", "json")
    hidden = {"token": "a", "visitor_token": "b", "Password": "c", "text": "d", "set_cookie": "e"}
    logging.getLogger("console.x").info("x", extra={**hidden, "context": "shown"})
    said = line(capsys)
    assert {said[name] for name in hidden} == {"…"}
    assert said["context"] == "shown"
    logging.getLogger("console.x").info("postgresql://shop:geheim@db/shop is away")
    assert line(capsys)["message"] == "postgresql://…@db/shop is away"


@pytest.mark.usefixtures("own_logging")
def test_an_exception_shows_places_and_no_values(capsys: pytest.CaptureFixture[str]) -> None:
    logs.begin("info", "json")
    try:
        try:
            int(WORDS)
        except ValueError as wrong:
            raise Refused(
                "unavailable", f"argument $1: '{WORDS}' (odd)\nDETAIL: {WORDS}"
            ) from wrong
    except Refused:
        logging.getLogger("console.x").exception("it failed")
    said = line(capsys)["exception"]
    assert "test_logs.py" in said
    assert "console.model.refusal.Refused: unavailable: argument $1: … (odd)" in said
    assert "which came from" in said
    assert "ValueError" in said
    assert WORDS not in said


@pytest.mark.usefixtures("own_logging")
def test_libraries_do_not_tell_their_statements(capsys: pytest.CaptureFixture[str]) -> None:
    logs.begin("debug", "json")
    logging.getLogger("aiosqlite").debug("executing %s", WORDS)
    assert capsys.readouterr().err == ""
    logging.getLogger("console.x").debug("seen")
    assert line(capsys)["message"] == "seen"


async def test_a_talk_and_its_accidents_leave_no_words(tmp_path: Path) -> None:
    one = Program(tmp_path / "data")
    one.environ |= {"CONSOLE_LOG_FORMAT": "json", "CONSOLE_LOG_LEVEL": "debug"}
    one.environ["CONSOLE_RATE_LIMITS"] = "off"
    try:
        one.start()
        secrets = await _talk(one)
        assert one.stop() == 0
    finally:
        assert one.process is not None
        stop(one.process)
    greeting = one.owner_password  # said once, on standard output, for the person who starts it
    lines = [json.loads(text) for text in one.said.splitlines() if text.startswith("{")]
    logged = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    assert [word for word in (*secrets, greeting) if word in logged] == []
    failed = [line for line in lines if "exception" in line]
    ours = [line for line in failed if line["logger"] == "console.web.live"]
    theirs = [line for line in failed if line["logger"] == "aiohttp.server"]
    assert ours, "an accident was provoked"
    assert all("KeyError: …" in line["exception"] for line in ours)
    assert all(line.get("agent") or line.get("identity") for line in ours)
    assert theirs, "a header was refused"
    assert [line for line in lines if line["message"] == "signed in" and line["agent"]]
    assert [line for line in lines if line["message"] == "sign-in refused" and line["address"]]
    assert not [text for text in one.said.splitlines() if "Traceback" in text[:20]]


async def _talk(one: Program) -> list[str]:
    """Everything people say and hold; all that can go wrong goes wrong on the way."""
    one.hire("王芳")
    person, cookie = await sign_in(one, "王芳")
    for name in ("王芳", NAME):
        with pytest.raises(AssertionError):
            await sign_in(one, name, WRONG)
    key = one.open_inbox("signed", identity_secret=IDENTITY_SECRET)
    async with agent(one, "王芳") as desk, shopper(one, key) as client:
        visitor = (await client.call("sync"))["visitor"]
        assert (await client.say(WORDS))["ok"]
        talk = (await desk.event("message"))["conversation"]
        assert (await desk.say(NOTE, conversation=talk, private=True))["ok"]
        await client.send("say", {"client_id": "12345678", "text": WORDS, "kind": WORDS})
        await client.send(WORDS, {"text": WORDS})
        async with raw(one) as other:
            await other.send(f"4{MALFORMED}")
            await other.closed()
        with sqlite3.connect(sqlite_file(one.data)) as file:
            file.execute("UPDATE message SET kind = ?", (WORDS,))
        file.close()
        assert not (await desk.call("sync", cursors={talk: 0}))["ok"]
    await _odd_requests(one, cookie)
    token = cookie.partition("=")[2]
    hidden = [(one.data / "secret").read_text().strip(), IDENTITY_SECRET, visitor, token]
    return [WORDS, NOTE, WRONG, NAME, MALFORMED, PASSWORD, person["csrf"], *hidden]


async def _odd_requests(one: Program, cookie: str) -> None:
    host, port = "127.0.0.1", one.port
    for head in (f"Cookie: {cookie}\x01\r\n", f"Cookie {cookie}\r\n", f"X: {WORDS}\x00\r\n"):
        reader, writer = await asyncio.open_connection(host, port)
        writer.write(f"GET /api/me HTTP/1.1\r\nHost: {host}\r\n{head}\r\n".encode())
        await reader.read(4096)
        writer.close()
    async with aiohttp.ClientSession(headers={"Cookie": cookie}) as http:
        for body in (b'{"name": "' + WRONG.encode(), b"[]", b"\xff\xfe"):
            headers = {"Content-Type": "application/json"}
            async with http.post(f"{one.address}/api/login", data=body, headers=headers) as answer:
                assert answer.status == 400
