"""Channel accounts over HTTP: who may, what never leaves, what is named, what a check tells."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import pytest

from channels import REGISTRY
from tests.channels import wechat_server as far
from tests.channels.wechat_server import AES, APP, CORP, KF, SECRET, TOKEN, wechat_server
from tests.clients import shopper
from tests.program import PASSWORD, Program
from tests.web.browsing import Browsing
from tests.web.test_learning_api import signed_in
from tests.web.test_wire import mismatches

_numbers = count(1)
WECHAT = {"app_id": APP, "app_secret": SECRET, "token": TOKEN, "encoding_aes_key": AES}
WECOM = {
    "corp_id": CORP, "secret": SECRET, "token": TOKEN, "encoding_aes_key": AES, "open_kfid": KF,
}  # fmt: skip
HIDDEN = (SECRET, TOKEN, AES)


class Owner:
    """The owner, who remembers every answer."""

    def __init__(self, http: Browsing, address: str) -> None:
        self.http = http
        self.address = address
        self.heard: list[str] = []

    async def ask(self, method: str, path: str, body: Any = None, **how: Any) -> tuple[int, Any]:
        answer = await self.http.request(method, f"{self.address}{path}", json=body, **how)
        self.heard.append(await answer.text())
        return answer.status, json.loads(self.heard[-1])

    async def add(self, kind: str, **config: Any) -> dict[str, Any]:
        body = {"kind": kind, "name": f"接入{next(_numbers)}", "config": config}
        status, one = await self.ask("POST", "/api/inboxes", body)
        assert status == 201, one
        assert mismatches(one, "InboxSettings", "inbox") == []
        return dict(one)

    async def check(self, one: dict[str, Any], lang: str = "zh-CN") -> list[tuple[str, str]]:
        headers = {"Accept-Language": lang}
        _, told = await self.ask("POST", f"/api/inboxes/{one['id']}/check", headers=headers)
        assert mismatches(told, "InboxChecked", "checked") == []
        assert told["ok"] == all(each["level"] != "error" for each in told["findings"])
        return [(each["level"], each["message"]) for each in told["findings"]]


@asynccontextmanager
async def owner(house: Program) -> AsyncIterator[Owner]:
    async with signed_in(house, "owner", house.owner_password) as one:
        yield Owner(one.http, house.address)


async def test_the_forms_are_those_of_the_adapters(house: Program) -> None:
    async with owner(house) as one:
        status, listed = await one.ask("GET", "/api/inboxes")
    assert status == 200
    assert mismatches(listed, "InboxList", "list") == []
    forms = {each["kind"]: {f["name"]: f for f in each["fields"]} for each in listed["kinds"]}
    assert {kind: set(form) for kind, form in forms.items()} == {
        kind: set(channel.Config.__struct_fields__) for kind, channel in REGISTRY.items()
    }
    assert forms["wechat"]["account"] == {
        "name": "account", "type": "choice", "secret": False, "required": False,
        "default": "official", "choices": ["official", "mini"],
    }  # fmt: skip
    assert (forms["wechat"]["quota"]["min"], forms["wechat"]["quota"]["max"]) == (1, 100)
    assert forms["wechat"]["app_secret"]["secret"]
    assert forms["wechat"]["app_secret"]["default"] is None
    assert forms["widget"]["robot"]["type"] == "flag"
    assert forms["widget"]["greeting"]["max_length"] == 500


@pytest.mark.parametrize("role", ["agent", "supervisor"])
async def test_only_owners(house: Program, name: str, role: str) -> None:
    house.hire(name, role=role)
    async with owner(house) as one:
        made = await one.add("widget")
    async with signed_in(house, name, PASSWORD) as other:
        for method, path in (
            ("GET", "/api/inboxes"),
            ("POST", "/api/inboxes"),
            ("PATCH", f"/api/inboxes/{made['id']}"),
            ("POST", f"/api/inboxes/{made['id']}/check"),
        ):
            answer = await other.http.request(method, f"{house.address}{path}", json={})
            assert answer.status == 403, path


async def test_secrets_go_in_and_never_out(house: Program) -> None:
    async with owner(house) as one:
        made = await one.add("wechat", **WECHAT)
        assert made["secrets"] == {"app_secret": True, "token": True, "encoding_aes_key": True}
        assert made["hook"] == f"/hooks/{made['id']}"
        path = f"/api/inboxes/{made['id']}"
        status, after = await one.ask("PATCH", path, {"name": f"{made['name']}甲", "config": {}})
        assert (status, after) == (200, {**made, "name": f"{made['name']}甲"})
        status, no = await one.ask("PATCH", path, {"config": {"app_secret": ""}})
        assert (status, no["error"]["code"]) == (400, "invalid")
        assert "`$.app_secret`" in no["error"]["message"]
        await one.ask("PATCH", path, {"config": {"token": TOKEN, "quota": 0}})
        await one.ask("GET", "/api/inboxes")
        made = await one.add("widget", identity_secret=SECRET)
        _, gone = await one.ask(
            "PATCH", f"/api/inboxes/{made['id']}", {"config": {"identity_secret": ""}}
        )
        assert (made["secrets"], gone["secrets"]) == (
            {"identity_secret": True}, {"identity_secret": False},
        )  # fmt: skip
    assert [text for text in one.heard if any(secret in text for secret in HIDDEN)] == []


@pytest.mark.parametrize(
    ("kind", "config", "named"),
    [
        ("fax", {}, {"`kind`"}),
        ("webhook", {}, {"`secret`", "`url`"}),
        ("webhook", {"secret": "", "url": "ftp://x"}, {"`$.secret`", "`$.url`"}),
        ("wechat", {**WECHAT, "encoding_aes_key": "short"}, {"`$.encoding_aes_key`"}),
        ("wechat", {**WECHAT, "quota": 101, "account": "x"}, {"`$.quota`", "`$.account`"}),
        ("widget", {"colour": "red"}, {"`colour`"}),
        ("widget", {"robot": "maybe", "greeting": 7}, {"`$.robot`", "`$.greeting`"}),
        ("widget", {"greeting": "a\x00"}, {"NUL"}),
    ],
)
async def test_every_field_at_fault_is_named(
    house: Program, kind: str, config: dict[str, Any], named: set[str]
) -> None:
    async with owner(house) as one:
        before = await one.ask("GET", "/api/inboxes")
        body = {"kind": kind, "name": f"接入{next(_numbers)}", "config": config}
        status, no = await one.ask("POST", "/api/inboxes", body)
        assert (status, no["error"]["code"]) == (400, "invalid")
        assert [each for each in named if each not in no["error"]["message"]] == []
        assert await one.ask("GET", "/api/inboxes") == before


async def test_a_name_is_a_kind_s_only_once(house: Program) -> None:
    async with owner(house) as one:
        first, second = await one.add("widget"), await one.add("widget")
        for status, no in (
            await one.ask("POST", "/api/inboxes", {"kind": "widget", "name": first["name"]}),
            await one.ask("PATCH", f"/api/inboxes/{second['id']}", {"name": first["name"]}),
        ):
            assert (status, no["error"]["code"]) == (409, "conflict")
        assert (await one.ask("PATCH", f"/api/inboxes/{first['id']}", {"name": first["name"]}))[
            0
        ] == 200


async def test_a_change_holds_at_once_for_those_who_are_there_too(floor: Program) -> None:
    async with owner(floor) as one:
        made = await one.add("widget", greeting="您好")
        path = f"/api/inboxes/{made['id']}"
        async with shopper(floor, made["key"]) as shop:
            assert (await shop.call("sync", after=0))["greeting"] == "您好"
            assert (await one.ask("PATCH", path, {"config": {"greeting": "欢迎光临"}}))[0] == 200
            assert (await shop.call("sync", after=0))["greeting"] == "欢迎光临"
        async with shopper(floor, made["key"]) as shop:
            assert (await shop.call("sync", after=0))["greeting"] == "欢迎光临"


@pytest.mark.parametrize(
    ("kind", "given", "blocked", "level", "said"),
    [
        ("wechat", {}, 0, "ok", "账号和密钥正确"),
        ("wechat", {"app_id": "wxother"}, 0, "error", "账号 ID 不对：请与微信后台的核对（40013）"),
        ("wechat", {"app_secret": "other"}, 0, "error", "密钥不对"),
        ("wechat", {}, 40125, "error", "密钥不对"),
        ("wechat", {}, 40164, "error", "把 203.0.113.9 加进去"),
        ("wechat", {}, -1, "warning", "微信暂时繁忙"),
        ("wechat", {}, 45009, "error", "调用次数用完了（45009）"),
        ("wechat", {"api_base": "http://127.0.0.1:9"}, 0, "error", "连不上接口地址"),
        ("wecom", {}, 0, "ok", "账号和密钥正确"),
        ("wecom", {"corp_id": "wwother"}, 0, "error", "账号 ID 不对"),
        ("wecom", {"secret": "other"}, 0, "error", "密钥不对"),
        ("wecom", {}, 60020, "error", "把 203.0.113.9 加进去"),
    ],
)
async def test_a_check_says_what_is_wrong(
    house: Program, kind: str, given: dict[str, str], blocked: int, level: str, said: str
) -> None:
    async with owner(house) as one, wechat_server() as server:
        server.blocked = blocked
        config = {**(WECHAT if kind == "wechat" else WECOM), "api_base": server.url, **given}
        made = await one.add(kind, **config)
        found = await one.check(made)
        assert found[0][0] == level
        assert said in found[0][1]
        assert (found[1][0], "还没有收到" in found[1][1]) == ("warning", True)
        english = await one.check(made, "en")
        assert [each for each, _ in english] == [each for each, _ in found]
        assert all(text.isascii() for _, text in english), english
    assert [text for text in one.heard if any(secret in text for secret in HIDDEN)] == []


async def test_a_check_says_what_called(house: Program) -> None:
    async with owner(house) as one, wechat_server() as server:
        made = await one.add("wechat", **WECHAT, api_base=server.url)
        hook = f"{house.address}{made['hook']}"
        query, cipher = far.sealed(far.message(Content="x", MsgId=1))

        async def told(query: dict[str, str], body: bytes) -> tuple[str, str]:
            await one.http.post(hook, params=query, data=body)
            return (await one.check(made))[1]

        level, said = await told({"signature": "x"}, b"<xml><Content>x</Content></xml>")
        assert (level, "安全模式" in said) == ("error", True)
        level, said = await told({**query, "msg_signature": "0" * 40}, far.enveloped(cipher))
        assert (level, "签名不对" in said) == ("warning", True)
        level, said = await told(query, far.enveloped(cipher))
        assert (level, "已验证" in said) == ("ok", True)
        await one.ask("PATCH", f"/api/inboxes/{made['id']}", {"config": {"token": "another"}})
        assert (await one.check(made))[1][0] == "warning"


async def test_where_nothing_is_to_check(house: Program) -> None:
    async with owner(house) as one:
        assert [level for level, _ in await one.check(await one.add("widget"))] == ["ok"]
