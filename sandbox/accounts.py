"""Who the shop is on the platform's side: one account of each product, with its credentials."""

import secrets
import string
from enum import StrEnum

import msgspec

LETTERS = string.ascii_letters + string.digits


class Kind(StrEnum):
    """The three products; what differs between them follows from this."""

    OFFICIAL = "official"
    MINI = "mini"
    KF = "kf"


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """What both sides know. `app_id` of 微信客服 is the company's id, `address` its open_kfid."""

    kind: Kind
    title: str
    app_id: str
    secret: str
    token: str
    aes_key: str
    address: str
    hook: str = ""

    @property
    def name(self) -> str:
        return str(self.kind)


def new_account(kind: Kind, title: str, *, hook: str = "") -> Account:
    """With credentials of its own, in the lengths and alphabets of real ones."""
    company = kind is Kind.KF
    return Account(
        kind=kind,
        title=title,
        app_id=("ww" if company else "wx") + secrets.token_hex(8),
        secret=secrets.token_hex(16),
        token=_letters(24),
        aes_key=_letters(43),
        address="wk" + _letters(30) if company else "gh_" + secrets.token_hex(6),
        hook=hook,
    )


def _letters(count: int) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(count))
