"""Tokens: their doors, their end, and the codes of each."""

import aiohttp
import pytest

from sandbox import Kind
from tests.sandbox.conftest import Far

DAY = 86_400


async def stable(far: Far, **more: object) -> dict[str, object]:
    mine = far.account()
    body = {"grant_type": "client_credential", "appid": mine.app_id, "secret": mine.secret, **more}
    async with far.http.post(f"{far.url}/cgi-bin/stable_token", json=body) as answer:
        given: dict[str, object] = await answer.json()
        return given


async def code_with(far: Far, token: str) -> object:
    """What a call with this token is answered: 40003 when the token is fine."""
    data = b'{"touser":"nobody","msgtype":"text","text":{"content":"x"}}'
    url = f"{far.url}/cgi-bin/message/custom/send"
    async with far.http.post(url, params={"access_token": token}, data=data) as answer:
        return (await answer.json())["errcode"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"grant_type": "other"}, 40002),
        ({"appid": ""}, 41002),
        ({"secret": ""}, 41004),
        ({"appid": "wx0000000000000000"}, 40013),
        ({"secret": "short"}, 40125),
        ({"secret": "0" * 32}, 40001),
    ],
)
async def test_wrong_credentials(far: Far, change: dict[str, str], code: int) -> None:
    mine = far.account()
    asked = {"grant_type": "client_credential", "appid": mine.app_id, "secret": mine.secret}
    answer = await far.get("token", **{**asked, **change})
    assert answer["errcode"] == code
    assert " rid: " in answer["errmsg"]


async def test_a_new_token_ends_the_old_one_after_five_minutes(far: Far) -> None:
    first = await far.token()
    far.tokens.clear()
    second = await far.token()
    assert first != second
    assert await code_with(far, first) == 40003
    await far.play("clock", advance=301)
    assert await code_with(far, first) == 40001
    assert await code_with(far, second) == 40003
    await far.play("clock", advance=7200)
    assert await code_with(far, second) == 42001


async def test_the_stable_token_stays(far: Far) -> None:
    first = await stable(far)
    assert first["expires_in"] == 7200
    assert (await stable(far))["access_token"] == first["access_token"]
    await far.play("clock", advance=7000)
    second = await stable(far)
    assert second["access_token"] != first["access_token"]
    assert await code_with(far, str(first["access_token"])) == 40003


async def test_a_forced_stable_token_ends_the_old_one_at_once(far: Far) -> None:
    first = await stable(far)
    second = await stable(far, force_refresh=True)
    assert await code_with(far, str(first["access_token"])) == 40001
    assert await code_with(far, str(second["access_token"])) == 40003
    assert (await stable(far, force_refresh=True))["errcode"] == 45011
    for _ in range(19):
        await far.play("clock", advance=31)
        assert "access_token" in await stable(far, force_refresh=True)
    await far.play("clock", advance=31)
    assert (await stable(far, force_refresh=True))["errcode"] == 45009
    await far.play("clock", advance=DAY)
    assert "access_token" in await stable(far, force_refresh=True)
    assert (await stable(far, forced=True))["errcode"] == 47001


async def test_a_company_gets_the_same_token_while_it_is_valid(far: Far) -> None:
    first = await far.token(Kind.KF)
    far.tokens.clear()
    assert await far.token(Kind.KF) == first
    await far.play("clock", advance=7201)
    assert (await far.say("在", Kind.KF))["errcode"] == 42001
    mine = far.account(Kind.KF)
    wrong = await far.get("gettoken", corpid=mine.app_id, corpsecret="x")
    assert wrong["errcode"] == 40001
    assert (await far.get("gettoken", corpid="ww0", corpsecret="x"))["errcode"] == 40013


async def test_tokens_of_others(far: Far) -> None:
    assert await code_with(far, "") == 41001
    assert await code_with(far, "made-up") == 40001
    assert await code_with(far, await far.token(Kind.KF)) == 40001
    far.tokens[Kind.KF] = "made-up"
    assert (await far.say("在", Kind.KF))["errcode"] == 40014
    info = await far.get("user/info", access_token=await far.token(Kind.MINI), openid="x")
    assert info["errcode"] == 48001


async def test_tokens_end_by_a_switch(far: Far) -> None:
    token = await far.token()
    await far.play("faults", expire_tokens=True)
    assert await code_with(far, token) == 42001
    await far.play("faults", revoke_tokens=True)
    assert await code_with(far, token) == 40001


async def test_the_list_of_addresses(far: Far) -> None:
    token = await far.token()
    kf = await far.token(Kind.KF)
    await far.play("faults", ip_blocked=True)
    assert await code_with(far, token) == 40164
    far.tokens.clear()
    mine = far.account()
    refused = await far.get(
        "token", grant_type="client_credential", appid=mine.app_id, secret=mine.secret
    )
    assert refused["errcode"] == 40164
    assert "invalid ip 127.0.0.1, not in whitelist" in refused["errmsg"]
    async with far.http.post(
        f"{far.url}/cgi-bin/kf/account/list", params={"access_token": kf}, data=b"{}"
    ) as answer:
        assert (await answer.json())["errcode"] == 60020


async def test_the_wrong_verb(far: Far) -> None:
    assert (await far.get("message/custom/send"))["errcode"] == 43002
    with pytest.raises(aiohttp.ClientResponseError):
        async with far.http.get(f"{far.url}/cgi-bin/nowhere") as answer:
            answer.raise_for_status()
