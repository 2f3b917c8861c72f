"""Why a message is not with its reader, as agents read it: `kind:code:detail` becomes a sentence.

A channel has the sentences of its own failures; here are those that no channel knows of.
"""

from channels.base import Reason, SendFailed
from console.desk.inboxes import Inboxes

OURS = "desk"
INTERRUPTED = f"{OURS}:interrupted:"
BROKEN = f"{OURS}:broken:"
RECALLED = f"{OURS}:recalled:"
WINDOW = f"{OURS}:window:"

_SENTENCES = {
    "interrupted": Reason(
        "发送途中服务中断：可能收到，也可能没有",
        "the service was interrupted while it was sent: it may or may not have arrived",
    ),
    "broken": Reason(
        "发送时程序出错：可能收到，也可能没有",
        "our program failed while it was sent: it may or may not have arrived",
    ),
    "restored": Reason(
        "备份时它还没有发出：后来可能发过，也可能没有",
        "it had not left when the backup was made: it may or may not have left since",
    ),
    "window": Reason(
        "已超过平台允许回复的时间，没有发出；等客户再发来消息",
        "the time to answer is over, it was not sent; it can be once they write again",
    ),
    "recalled": Reason("发出之前已撤回", "it was recalled before it left"),
}


def stored(kind: str, failure: SendFailed) -> str:
    """A channel's failure as it is kept beside the letter."""
    return f"{kind}:{failure.code}:{failure.detail}"


def sentence(inboxes: Inboxes, reason: str, language: str) -> str:
    """The sentence of a kept reason in `zh-CN` or `en`; an unknown code stands as it is."""
    kind, _, rest = reason.partition(":")
    code, _, detail = rest.partition(":")
    found = _SENTENCES.get(code) if kind == OURS else inboxes.reason(kind, code)
    if found is None:
        return f"{code} {detail}".strip()
    text = found.en if language == "en" else found.zh
    return text.replace("{detail}", detail)
