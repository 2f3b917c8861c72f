"""Calls to WeChat's servers: the pass, one more try with a new one, and what each code means.

Shared by both adapters of the family. The HTTP status says nothing there: errors come with 200 and
an `errcode`. What leaves is UTF-8 without escapes, for an escaped 中 is shown as such. Only the
server that the owner named is called, and no redirect is followed.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
import msgspec

from channels.base import Abilities, Outbound, Reason, SendFailed, Token, Wire

CONNECT_S = 5
ANSWER_S = 15
MAX_ANSWER = 4 * 1024 * 1024
OK = 0
STALE = frozenset({40001, 40014, 42001})
RETRIES = 3
BASE = r"^https?://[^\s/?#@\\]+/?$"

Json = dict[str, Any]
Sent = Callable[[str], Awaitable[Json]]

_LINK = re.compile("<(?=[aA])")
_ADDRESS = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an errcode means: which reason it is, and what follows."""

    code: str
    retry: bool = False
    most: int = 0
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """Whom we call for: the pass's name, the server, how a pass is fetched, what its codes mean."""

    name: str
    base: str
    fetch: Callable[[Wire], Awaitable[Token]]
    meanings: Mapping[int, Meaning]

    def url(self, path: str) -> str:
        return self.base.rstrip("/") + path


REASONS: dict[str, Reason] = {
    "unreachable": Reason("连不上微信的服务器", "WeChat's server cannot be reached"),
    "silent": Reason(
        "已经发出，但微信没有答复：可能收到，也可能没有",
        "it left, but WeChat answered nothing: it may or may not have arrived",
    ),
    "unclear": Reason(
        "微信的答复不明（{detail}）：可能收到，也可能没有",
        "WeChat's answer is unclear ({detail}): it may or may not have arrived",
    ),
    "busy": Reason("微信暂时繁忙（{detail}）", "WeChat is busy ({detail})"),
    "calls": Reason("接口调用次数用完了（{detail}）", "the quota of calls is used up ({detail})"),
    "token": Reason("微信不认接口凭证（{detail}）", "WeChat does not accept the token ({detail})"),
    "credentials": Reason(
        "渠道设置里的账号 ID 或密钥不对（{detail}）",
        "the account's id or secret in the inbox's settings is wrong ({detail})",
    ),
    "address": Reason(
        "本服务器的 IP 不在微信后台的白名单里（{detail}）",
        "this server's address is not on the account's allow-list ({detail})",
    ),
    "gone": Reason(
        "对方已取消关注、拉黑或不存在（{detail}）",
        "they unfollowed, blocked or do not exist ({detail})",
    ),
    "window": Reason(
        "超过 48 小时没有互动，发不出去；等客户再发来消息（{detail}）",
        "outside the 48 hours; it can be sent once they write again ({detail})",
    ),
    "used_up": Reason(
        "客户来消息后可发的条数已用完；等客户再发来消息（{detail}）",
        "the messages allowed are used up; it can be sent once they write again ({detail})",
    ),
    "forbidden": Reason(
        "账号没有客服接口权限，或被微信限制（{detail}）",
        "the account may not use this interface, or is restricted ({detail})",
    ),
    "content": Reason(
        "微信不接受这条消息的内容（{detail}）", "WeChat does not accept its content ({detail})"
    ),
    "media": Reason(
        "文件的类型或大小不合微信的要求（{detail}）",
        "the file's type or size is not what WeChat accepts ({detail})",
    ),
    "refused": Reason("微信拒收了这条消息（{detail}）", "WeChat refused it ({detail})"),
}


async def call(account: Account, path: str, body: Json, wire: Wire, *, said: bool) -> Json:
    """Post to an interface with the account's pass; returns the answer, good or bad.

    `said`: the call says something to a person, so that when nobody knows how it ended it must not
    be made again. Raises SendFailed.
    """
    encoded = msgspec.json.encode(body)
    headers = {"Content-Type": "application/json; charset=utf-8"}

    async def post(token: str) -> Json:
        return await request(
            wire, "POST", account.url(path), query={"access_token": token}, data=encoded,
            headers=headers, said=said,
        )  # fmt: skip

    return await passed(account, wire, post)


async def looked_up(account: Account, path: str, query: Mapping[str, str], wire: Wire) -> Json:
    """Ask an interface for something with the account's pass. Raises SendFailed."""

    async def get(token: str) -> Json:
        asked = {"access_token": token, **query}
        return await request(wire, "GET", account.url(path), query=asked, said=False)

    return accepted(account, await passed(account, wire, get))


async def passed(account: Account, wire: Wire, post: Sent) -> Json:
    """Make a call with the pass, and once more with a new one when it is not accepted."""

    async def fetch() -> Token:
        return await account.fetch(wire)

    token = await wire.tokens.get(account.name, fetch)
    answer = await post(token)
    if errcode(answer) not in STALE:
        return answer
    return await post(await wire.tokens.get(account.name, fetch, stale=token))


def accepted(account: Account, answer: Json) -> Json:
    """The answer, where it is a good one. Raises SendFailed."""
    if (code := errcode(answer)) != OK:
        raise failure(account.meanings, code, answer)
    return answer


def failure(meanings: Mapping[int, Meaning], code: int, answer: Json) -> SendFailed:
    """What an errcode means; the text beside it changes, and is read for an address only."""
    meaning = meanings.get(code, Meaning("refused"))
    detail = str(code)
    said = answer.get("errmsg")
    if meaning.code == "address" and isinstance(said, str) and (found := _ADDRESS.search(said)):
        detail = f"{code}: {found[0]}"
    return SendFailed(
        meaning.code, retry=meaning.retry, most=meaning.most, closed=meaning.closed, detail=detail
    )


async def fetched(
    wire: Wire, method: str, url: str, meanings: Mapping[int, Meaning], **sent: Any
) -> Token:
    """A new pass. Raises SendFailed; nothing has left for anybody by then."""
    answer = await request(wire, method, url, said=False, **sent)
    if (code := errcode(answer)) != OK:
        raise failure({**meanings, 40001: Meaning("credentials")}, code, answer)
    token, lasts = answer.get("access_token"), answer.get("expires_in")
    if not isinstance(token, str) or not token or not isinstance(lasts, int):
        raise SendFailed("unclear", retry=True, detail="access_token")
    return Token(token, lasts)


async def request(
    wire: Wire,
    method: str,
    url: str,
    *,
    said: bool,
    query: Mapping[str, str] | None = None,
    data: Any = None,
    headers: Mapping[str, str] | None = None,
) -> Json:
    """One request and its JSON answer. Raises SendFailed."""
    limits = aiohttp.ClientTimeout(total=CONNECT_S + ANSWER_S, connect=CONNECT_S)
    try:
        async with wire.http.request(
            method, url, params=query, data=data, headers=headers,
            allow_redirects=False, timeout=limits,
        ) as answer:  # fmt: skip
            status, body = answer.status, await whole(answer, MAX_ANSWER)
    except aiohttp.InvalidURL as wrong:
        raise SendFailed("unreachable", retry=False) from wrong
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as wrong:
        raise SendFailed("unreachable", retry=True) from wrong
    except (aiohttp.ClientError, TimeoutError) as wrong:
        raise SendFailed("silent", retry=not said, ambiguous=said) from wrong
    return decoded(status, body, said=said)


def decoded(status: int, body: bytes | None, *, said: bool) -> Json:
    """An answer's JSON. One that is none may come from a machine in between, whatever it says."""
    try:
        answer = msgspec.json.decode(body or b"") if status == 200 else None
    except (msgspec.DecodeError, RecursionError, ValueError):
        answer = None
    if not isinstance(answer, dict):
        raise SendFailed("unclear", retry=not said, ambiguous=said, detail=f"HTTP {status}")
    return answer


async def whole(answer: aiohttp.ClientResponse, most: int) -> bytes | None:
    """The body, read no further than allowed; None where it is longer."""
    parts, size = [], 0
    async for part in answer.content.iter_chunked(64 * 1024):
        parts.append(part)
        size += len(part)
        if size > most:
            return None
    return b"".join(parts)


def errcode(answer: Json) -> int:
    code = answer.get("errcode", OK)
    return code if isinstance(code, int) else -1


def in_words(abilities: Abilities, outbound: Outbound, words: str) -> tuple[Json, bool]:
    """The part of a text that is next, and whether another follows. Raises SendFailed where there
    is nothing to say."""
    parts = abilities.parts(plain(words))
    if outbound.part >= len(parts):
        raise SendFailed("content", retry=False, detail=outbound.kind)
    said = {"msgtype": "text", "text": {"content": parts[outbound.part]}}
    return said, outbound.part + 1 < len(parts)


def plain(text: str) -> str:
    """An agent's words as WeChat shows them: it would make a link of what begins with `<a`."""
    return _LINK.sub("＜", text)
