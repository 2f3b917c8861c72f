"""Whether a channel account works: what its provider says to the settings, and what called us.

That a call with a good signature came is kept in the database, for the settings that it came under;
which one was turned away last, in the memory of the process that it came to.
"""

import hashlib
from functools import partial

import msgspec

from channels.base import Finding, Forged, Unsealed, Wire
from console.desk.inboxes import Inbox, Inboxes
from console.model.words import InboxId
from console.store import Store, places

HEARD = Finding("ok", "回调地址已验证：收到过签名正确的回调", "A call with a good signature came")
WAITING = Finding(
    "warning",
    "还没有收到签名正确的回调：请在对方的后台填写上面的回调地址和令牌，再在那里提交验证",
    "No call with a good signature came yet: set the callback address and the token there",
)
PLAIN = Finding(
    "error",
    "最近的回调是明文，已拒收：明文的签名不包括消息内容，请在微信后台把消息加解密方式改为安全模式",
    "The latest call was in plain text and was refused, for its signature covers no body: choose"
    " 安全模式 (the secure mode) for the account",
)
FORGED = Finding(
    "warning",
    "最近的回调签名不对，已拒收：请核对令牌和消息加解密密钥与对方后台的一致",
    "The latest call had a wrong signature and was refused: compare the token and the key with"
    " those set at the provider",
)
NOTHING = Finding("ok", "这种渠道没有要检查的外部设置", "Nothing is to be checked for this kind")


class Checking:
    """Verbs of who connects a channel."""

    def __init__(self, store: Store, inboxes: Inboxes) -> None:
        self._store = store
        self._inboxes = inboxes
        self._known: dict[InboxId, str] = {}
        self._refused: dict[InboxId, Forged] = {}

    async def check(self, inbox: Inbox, wire: Wire) -> list[Finding]:
        """In the order in which one puts it right. Asks the provider, and changes nothing."""
        found: list[Finding] = []
        checker = self._inboxes.checker(inbox)
        if checker is not None:
            found += await checker.check(inbox.config, wire)
        if self._inboxes.hook(inbox) is not None:
            found.append(await self.called(inbox))
        return found or [NOTHING]

    async def heard(self, inbox: Inbox) -> None:
        """A call came that proved to be the provider's."""
        self._refused.pop(inbox.id, None)
        mark = _mark(inbox)
        if self._known.get(inbox.id) == mark:
            return
        await self._store.write(lambda tx: places.keep_note(tx, _note(inbox), mark))
        self._known[inbox.id] = mark

    def turned_away(self, inbox: Inbox, why: Forged) -> None:
        """A call came that proved nothing."""
        self._refused[inbox.id] = why

    async def called(self, inbox: Inbox) -> Finding:
        """Which calls came to its hook."""
        refused = self._refused.get(inbox.id)
        if refused is not None:
            return PLAIN if isinstance(refused, Unsealed) else FORGED
        for one in self._ringing(inbox):
            kept = await self._store.read(partial(places.note, key=_note(one)))
            if kept == _mark(one):
                return HEARD
        return WAITING

    def _ringing(self, inbox: Inbox) -> list[Inbox]:
        """Whose address may hear for the inbox: where messages are pulled, one rings for all."""
        if self._inboxes.puller(inbox) is None:
            return [inbox]
        return [
            one
            for one in self._inboxes.all()
            if (one.shop_id, one.kind) == (inbox.shop_id, inbox.kind)
        ]


def _note(inbox: Inbox) -> str:
    return f"heard:{inbox.id}"


def _mark(inbox: Inbox) -> str:
    """Other settings must be heard under anew; tells nothing of them."""
    return hashlib.sha256(inbox.id.encode() + msgspec.json.encode(inbox.config)).hexdigest()[:16]
