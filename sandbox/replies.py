"""What an endpoint may answer a callback with: nothing, `success`, or a sealed reply."""

from typing import Any

from sandbox.accounts import Account, Kind
from sandbox.secure import Unreadable, signature, unseal
from sandbox.written import NotReadable, read

NOTHING = ("", "success")


class BadReply(ValueError):
    """WeChat would tell the shopper that the service is out of order."""


def reply_in(account: Account, user: str, body: str) -> tuple[str, dict[str, Any]] | None:
    """Type and content of a passive reply, None for no reply. Raises BadReply."""
    if body in NOTHING:
        return None
    if account.kind is Kind.KF:
        raise BadReply("微信客服 takes an empty answer only")
    try:
        reply = read(_opened(account, read(body)))
    except (NotReadable, Unreadable) as wrong:
        raise BadReply(str(wrong)) from wrong
    if (reply.get("ToUserName"), reply.get("FromUserName")) != (user, account.address):
        raise BadReply("the reply is from or to somebody else")
    return _content(reply)


def _opened(account: Account, envelope: dict[str, Any]) -> str:
    parts = [str(envelope.get(name, "")) for name in ("TimeStamp", "Nonce", "Encrypt")]
    if signature(account.token, *parts) != envelope.get("MsgSignature"):
        raise BadReply("the reply is not signed")
    message, receiver = unseal(account.aes_key, parts[2])
    if receiver != account.app_id:
        raise BadReply("the reply is sealed for another account")
    return message.decode(errors="replace")


def _content(reply: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    kind = str(reply.get("MsgType", ""))
    if kind == "text" and reply.get("Content"):
        return "text", {"text": str(reply["Content"])}
    if kind in ("image", "voice", "video"):
        part = reply.get(kind.capitalize())
        if isinstance(part, dict) and part.get("MediaId"):
            return kind, {"media": str(part["MediaId"])}
    if kind == "news" and isinstance(reply.get("Articles"), list) and reply["Articles"]:
        one = reply["Articles"][0]
        names = {"title": "Title", "description": "Description", "url": "Url", "picture": "PicUrl"}
        return "news", {mine: str(one.get(theirs, "")) for mine, theirs in names.items()}
    if kind == "transfer_customer_service":
        return "note", {"note": "transferred"}
    raise BadReply(f"no reply of type {kind!r}")
