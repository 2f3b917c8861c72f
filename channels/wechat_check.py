"""What asking WeChat for a pass tells of an inbox's settings: which is wrong, and what to do.

A pass is asked for anew, whatever is kept: a secret that was changed there is noticed at once.
"""

from collections.abc import Awaitable, Callable

from channels.base import Finding, SendFailed, Token, Wire
from channels.wechat_api import REASONS

Fetch = Callable[[Wire], Awaitable[Token]]

GOOD = Finding("ok", "账号和密钥正确，本服务器可以调用接口", "The id and secret work from here")
WRONG_ID = (
    "账号 ID 不对：请与微信后台的核对（{detail}）",
    "The account's id is wrong: compare it with the one in the account's settings ({detail})",
)
WRONG_SECRET = (
    "密钥不对，或已被重置：请在微信后台重新获取，填在这里（{detail}）",
    "The secret is wrong or was reset: get it anew in the account's settings ({detail})",
)
NOT_ALLOWED = (
    "IP 白名单里没有本服务器：请在微信后台把 {detail} 加进去，几分钟后再检查",
    "Put {detail}, this server's address, on the account's allow-list; check again in some minutes",
)
BUSY = (
    "微信暂时繁忙，没有查到；请稍后再检查（{detail}）",
    "WeChat is busy and told nothing; check again later ({detail})",
)
NO_ANSWER = (
    "连不上接口地址：请检查本服务器的网络和“接口地址”",
    "The interface cannot be reached: check this server's network and the interface's address",
)
BY_CODE = {
    "40013": WRONG_ID,
    "41002": WRONG_ID,
    "40001": WRONG_SECRET,
    "40125": WRONG_SECRET,
    "41004": WRONG_SECRET,
}
BY_REASON = {
    "address": NOT_ALLOWED,
    "busy": BUSY,
    "unreachable": NO_ANSWER,
    "silent": NO_ANSWER,
}


async def checked(fetch: Fetch, wire: Wire) -> Finding:
    """One finding: all is well, or what is wrong."""
    try:
        await fetch(wire)
    except SendFailed as failure:
        return _told(failure)
    return GOOD


def _told(failure: SendFailed) -> Finding:
    code, _, address = failure.detail.partition(": ")
    said = BY_CODE.get(code) or BY_REASON.get(failure.code)
    if said is None:
        known = REASONS.get(failure.code, REASONS["refused"])
        said = known.zh, known.en
    zh, en = (one.replace("{detail}", address or code) for one in said)
    return Finding("warning" if failure.code == "busy" else "error", zh, en)
