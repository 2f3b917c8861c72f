"""Who is let in: agents by cookie, own page and token; shoppers by a token that may be made up."""

import asyncio
import itertools
import json
import sqlite3
import time
from pathlib import Path
from typing import Any

import aiohttp
import jwt
import pytest

from console.store import sqlite_file
from tests.clients import Client, agent, shopper, sign_in
from tests.desk.faq import FIRST, yaml
from tests.program import PASSWORD, Program
from tests.web.browsing import Browsing, browsing
from tests.web.raw import PATH

WITHIN_S = 5.0
WRONG = "not-the-password"


async def refused(house: Program, namespace: str, auth: Any, headers: dict[str, str]) -> str:
    """The code with which a connect is refused."""
    client = Client(namespace)
    told: list[Any] = []
    client.socket.on("connect_error", told.append, namespace=namespace)
    with pytest.raises(Exception, match="namespaces failed to connect"):
        await client.connect(house.address, auth, headers)
    await client.close()
    assert told[0]["message"] == told[0]["data"]["message"]
    return str(told[0]["data"]["code"])


async def test_the_desk_opens_from_its_own_page_to_its_own_session(
    house: Program, name: str
) -> None:
    house.hire(name)
    body, cookie = await sign_in(house, name)
    other, _ = await sign_in(house, name)
    own, good = {"Origin": house.address, "Cookie": cookie}, {"csrf": body["csrf"]}
    cases: list[tuple[str, Any, dict[str, str]]] = [
        ("forbidden", good, {"Cookie": cookie}),
        ("forbidden", good, {**own, "Origin": "null"}),
        ("forbidden", good, {**own, "Origin": "https://evil.example"}),
        ("forbidden", good, {**own, "Origin": f"{house.address}.evil.example"}),
        ("unauthorized", good, {"Origin": house.address}),
        ("unauthorized", good, {**own, "Cookie": "session=made-up"}),
        ("unauthorized", {"csrf": "wrong"}, own),
        ("unauthorized", {"csrf": other["csrf"]}, own),
        ("invalid", {}, own),
        ("invalid", {"csrf": body["csrf"], "role": "owner"}, own),
        ("invalid", {"csrf": ["x"]}, own),
        ("invalid", {"csrf": body["csrf"], "hears": "messages"}, own),
    ]
    for code, auth, headers in cases:
        assert await refused(house, "/desk", auth, headers) == code, (auth, headers)
    async with agent(house, name) as desk:
        assert desk.me["name"] == name


async def test_one_handshake_of_all_is_right(house: Program, name: str) -> None:
    """Origin x cookie x token (T4): own page, own session and its own token, or nothing."""
    house.hire(name)
    body, cookie = await sign_in(house, name)
    other, others = await sign_in(house, name)
    origins = [house.address, None, "null", "", "https://evil.example", "http://127.0.0.1:1"]
    cookies = [cookie, others, None, "session=made-up", f"session={'x' * 43}"]
    tokens = [body["csrf"], other["csrf"], "", "made-up", None]
    let_in = set()
    async with aiohttp.ClientSession() as http:
        for origin, jar, token in itertools.product(origins, cookies, tokens):
            headers = {"Origin": origin, "Cookie": jar}
            given = {key: value for key, value in headers.items() if value is not None}
            async with http.ws_connect(f"{house.address}{PATH}", headers=given) as socket:
                await socket.receive_str()
                auth = {} if token is None else {"csrf": token}
                await socket.send_str(f"40/desk,{json.dumps(auth)}")
                answer = await socket.receive_str(timeout=WITHIN_S)
                assert answer[:2] in ("40", "44"), answer
                if answer.startswith("40"):
                    let_in.add((origin, jar, token))
    assert let_in == {
        (house.address, cookie, body["csrf"]),
        (house.address, others, other["csrf"]),
    }


async def test_the_widget_opens_with_a_known_inbox(house: Program, key: str) -> None:
    assert await refused(house, "/widget", {"inbox": "made-up"}, {}) == "not_found"
    assert await refused(house, "/widget", {}, {}) == "invalid"
    assert await refused(house, "/widget", {"inbox": key, "admin": 1}, {}) == "invalid"
    assert await refused(house, "/widget", {"inbox": key, "visitor": "a\x00"}, {}) == "invalid"
    assert await refused(house, "/widget", {"inbox": key, "identity": "e.y.J"}, {}) == (
        "unauthorized"
    )


async def test_a_made_up_token_shows_nothing(floor: Program, key: str, name: str) -> None:
    other_inbox = floor.open_inbox(f"of {name}")
    async with shopper(floor, key) as shop:
        token = (await shop.call("sync"))["visitor"]
        assert (await shop.say("我的秘密"))["ok"]
    for inbox, forged in [(key, token[:-1]), (key, "x" * 43), (key, ""), (other_inbox, token)]:
        async with shopper(floor, inbox, visitor=forged) as stranger:
            state = await stranger.call("sync", after=0)
            assert state["messages"] == []
            assert state["conversation"]["id"] is None
            assert state["visitor"] not in (token, forged)
    async with shopper(floor, key, visitor=token) as shop:
        assert [one["text"] for one in (await shop.call("sync"))["messages"]] == ["我的秘密"]


async def test_a_token_of_before_opens_nothing_of_after(floor: Program, name: str) -> None:
    """Who was anonymous and then named by the shop gets another token (T10)."""
    secret = "the shop's own secret, long enough"
    signing = floor.open_inbox(f"signed {name}", identity_secret=secret)
    now = int(time.time())
    claims = {"aud": signing, "sub": name, "iat": now, "exp": now + 300, "jti": name}
    async with shopper(floor, signing) as anonymous:
        before = (await anonymous.call("sync"))["visitor"]
        assert (await anonymous.say("还没登录"))["ok"]
    word = jwt.encode(claims, secret, "HS256")
    async with shopper(floor, signing, visitor=before, identity=word) as named:
        state = await named.call("sync")
        after = state["visitor"]
        assert after != before
        assert state["messages"] == []
        assert (await named.say("我的订单"))["ok"]
    for token, texts in ((before, ["还没登录"]), (after, ["我的订单"])):
        async with shopper(floor, signing, visitor=token) as back:
            assert [one["text"] for one in (await back.call("sync"))["messages"]] == texts


async def test_no_token_is_in_the_log(tmp_path: Path) -> None:
    """At the most talkative level, after good words and bad ones (T10, T29)."""
    shelf = tmp_path / "faq.yaml"
    shelf.write_bytes(yaml(FIRST))  # quicker than the shipped one
    environ = {"CONSOLE_LOG_LEVEL": "debug", "CONSOLE_FAQ": str(shelf)}
    house = Program(tmp_path / "data", environ=environ)
    house.start()
    try:
        secrets = [house.owner_password]
        async with shopper(house, house.inbox_key()) as shop:
            secrets += [(await shop.call("sync"))["visitor"], "13800009999", "悄悄话"]
            await shop.say("悄悄话")
            await shop.call("leave", contact="13800009999", text="悄悄话")
            await shop.call("say", client_id="short", text="悄悄话")
        body, cookie = await sign_in(house, "owner", house.owner_password)
        secrets += [body["csrf"], cookie.partition("=")[2]]
        own = {"Origin": house.address, "Cookie": cookie}
        assert await refused(house, "/desk", {"csrf": "wrong"}, own) == "unauthorized"
        async with browsing(headers=own) as http:
            assert (await http.get(f"{house.address}/api/me")).status == 200
            await try_password(http, house, "owner", WRONG)
        secrets.append(WRONG)
    finally:
        house.stop()
    said = house.said.replace(f"owner / {house.owner_password}", "")
    assert [one for one in secrets if one in said] == []


def test_tokens_are_hashed_at_rest(house: Program) -> None:
    with sqlite3.connect(f"file:{sqlite_file(house.data)}?mode=ro", uri=True) as database:
        for table in ("visitor", "session"):
            hashes = [row[0] for row in database.execute(f"SELECT token_hash FROM {table}")]
            assert {len(one) for one in hashes} == {64}
        kept = [row[0] for row in database.execute("SELECT password_hash FROM agent")]
    database.close()
    assert all(one.startswith("$argon2id$v=19$m=19456,t=2,p=1$") for one in kept)


async def try_password(http: Browsing, house: Program, name: str, password: str) -> tuple[int, str]:
    body = {"name": name, "password": password}
    answer = await http.post(f"{house.address}/api/login", json=body)
    error = (await answer.json()).get("error", {})
    return answer.status, str(error.get("message", ""))


async def test_a_hundred_wrong_passwords(house: Program, name: str) -> None:
    house.hire(name)
    neighbour = f"{name}的同事"
    house.hire(neighbour)
    pauses: list[int] = []
    async with browsing() as http:
        first = await asyncio.gather(*(try_password(http, house, name, WRONG) for _ in range(40)))
        tried = sorted(status for status, _ in first)
        assert 5 <= tried.count(401) <= 7, tried
        assert tried.count(429) == 40 - tried.count(401)
        began = time.monotonic()
        for _ in range(60):
            status, said = await try_password(http, house, name, WRONG)
            if status == 429:
                pauses.append(int(said.split("wait ")[1].split(" ")[0]))
            assert status in (401, 429)
        assert max(pauses) <= time.monotonic() - began + 8
        assert (await try_password(http, house, name, PASSWORD))[0] == 429
        assert (await try_password(http, house, neighbour, PASSWORD))[0] == 200
        nobody = await try_password(http, house, f"没有{name}", WRONG)
        assert nobody == (401, "name or password is wrong")


@pytest.mark.parametrize(("proto", "cookie"), [("https", "__Host-session"), (None, "session")])
async def test_the_cookie_is_secure_behind_tls(
    house: Program, name: str, proto: str | None, cookie: str
) -> None:
    house.hire(name)
    headers = {} if proto is None else {"X-Forwarded-Proto": proto}
    async with browsing() as http:
        answer = await http.post(
            f"{house.address}/api/login",
            json={"name": name, "password": PASSWORD},
            headers=headers,
        )
        said = answer.headers["Set-Cookie"]
        assert said.startswith(f"{cookie}=")
        assert ("Secure" in said) == (proto is not None)
        assert "HttpOnly" in said
        assert "SameSite=Lax" in said
        kept = {"Cookie": said.split(";")[0]}
        assert (await http.get(f"{house.address}/api/me", headers=kept)).status == 200


async def test_signing_out_cuts_every_window_of_that_session(house: Program, name: str) -> None:
    house.hire(name)
    body, cookie = await sign_in(house, name)
    headers = {"Origin": house.address, "Cookie": cookie}
    first, second = Client("/desk"), Client("/desk")
    for window in (first, second):
        await window.connect(house.address, {"csrf": body["csrf"]}, headers)
    async with agent(house, name) as elsewhere:
        async with browsing() as http:
            csrf = {"X-CSRF-Token": body["csrf"]}
            out = await http.post(f"{house.address}/api/logout", headers={**headers, **csrf})
            assert out.status == 204
        async with asyncio.timeout(WITHIN_S):
            await first.cut.wait()
            await second.cut.wait()
        assert await refused(house, "/desk", {"csrf": body["csrf"]}, headers) == "unauthorized"
        assert (await elsewhere.call("sync"))["ok"]


@pytest.mark.parametrize(
    "aged",
    [
        "created_at = created_at - 7 * 24 * 3600 * 1000 - 1",
        "seen_at = seen_at - 12 * 3600 * 1000 - 1",
    ],
    ids=["after seven days", "after twelve idle hours"],
)
async def test_a_session_ends(house: Program, name: str, aged: str) -> None:
    house.hire(name)
    body, cookie = await sign_in(house, name)
    headers = {"Origin": house.address, "Cookie": cookie}
    window = Client("/desk")
    await window.connect(house.address, {"csrf": body["csrf"]}, headers)
    assert (await window.call("sync"))["ok"]
    with sqlite3.connect(sqlite_file(house.data)) as database:
        whose = "WHERE agent_id = (SELECT id FROM agent WHERE name = ?)"
        assert database.execute(f"UPDATE session SET {aged} {whose}", (name,)).rowcount == 1
    database.close()
    async with asyncio.timeout(WITHIN_S):
        await window.cut.wait()
    async with browsing() as http:
        answer = await http.get(f"{house.address}/api/me", headers=headers)
        assert answer.status == 401
