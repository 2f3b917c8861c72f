"""How to write a channel.

A channel is one file: constants, `Config` (its settings, its secrets marked), the class with
`kind`, `abilities`, `receive` (a provider's payload becomes `Inbound`, or `BadPayload` says which
field is wrong, `Forged` that it is not the provider's) and, where the provider must be called,
`send` (an `Outbound` becomes a `Receipt`, or `SendFailed` says whether trying again makes sense)
with `reasons`, the sentences of its failures. It gets one line in `REGISTRY` and one test with
fixtures, and nothing in `console/` changes: the form of its settings is drawn from `Config`. Where
the provider can be asked whether they are right, `check` tells what is missing.

What breaks without the convention: an adapter that stores for itself skips the duplicate check,
the routing and the event log for its messages only, and nobody notices until a shopper was not
answered. And a send that swallows its failure, or calls a time-out a refusal, loses or doubles a
message where nobody looks.

What several adapters of one provider share is a module named after the provider, which imports what
they do; tests/test_house.py names each of these arrows and says why.

    widget     live: the desk pushes to it, so it has no `send`; its namespace is in `console/web`
    webhook    a program of the shop's own, signed both ways; the smallest whole channel
    wechat     公众号 and 小程序客服: pushes messages, sealed; wechat_* are what its family shares
    wecom      微信客服: only rings, what people wrote is pulled page by page
"""

from channels.base import Channel
from channels.webhook import Webhook
from channels.wechat import Wechat
from channels.wecom import Wecom
from channels.widget import Widget

REGISTRY: dict[str, type[Channel]] = {one.kind: one for one in (Widget, Webhook, Wechat, Wecom)}

__all__ = ["REGISTRY"]
