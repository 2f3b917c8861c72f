"""Stand-ins for the other end of a channel: the provider's servers, and a person who writes there.

**What.** `sandbox wechat` is WeChat as far as a shop's server can see it: 公众号, 小程序客服 and
微信客服. It signs and encrypts callbacks to an endpoint, answers the API with the documented limits
and errcodes, and draws a small chat page on which somebody writes "from WeChat".

**From the documents.** It is written from the platform's protocol and shares no code with
`channels/`: the encryption, the shapes and the rules are here a second time. An adapter tested
against its own mistakes would pass; against somebody else's reading of the documents it does not.
So nothing of ours is imported here, and nothing but the command line and tests imports it.

**Stricter than the original.** Where WeChat shrugs, this refuses: unknown fields, a `\\u` escape, a
part that is not named `media`. Codes that the documents do not settle are marked `unsure` beside
them; nobody should build on those.

**Time.** Rules (tokens, windows, quotas, typing) run on a clock that can be moved. What a callback
says about time is the true time, because its receiver lives in it and refuses old timestamps.

    secure    signature and encryption           tokens    access tokens of the three kinds
    accounts  who the shop is here               windows   how many answers until when
    people    who writes                         media     uploads, with types and sizes
    said      what they do -> what is pushed     answers   what the shop may send, field by field
    pusher    callbacks: 5 s, three tries        official, customer_service, files   the API
    faults    what can be made to go wrong       gate      the way in: token, faults, log
    world     all of it together                 page      the chat page and the switches
"""

from sandbox.accounts import Account, Kind, new_account
from sandbox.application import WORLD, application, serve

__all__ = ["WORLD", "Account", "Kind", "application", "new_account", "serve"]
