"""Makes the inboxes that the stand-in for WeChat speaks to, once, and remembers both sides.

The installation never shows a secret again, and the stand-in must know the same ones: they are
made here, given to `inbox add` like anybody's, and kept beside the database.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
from msgspec.structs import replace

from console.model.refusal import Refused
from sandbox import Account, Kind, new_account

FILE = "sandbox.json"
PORT = 8060
INBOXES = {
    Kind.OFFICIAL: ("wechat", "微信沙盒·公众号", "青瓷小店公众号"),
    Kind.MINI: ("wechat", "微信沙盒·小程序", "青瓷小店小程序"),
    Kind.KF: ("wecom", "微信沙盒·微信客服", "青瓷小店微信客服"),
}

Do = Callable[[dict[str, Any]], dict[str, Any]]


class Kept(msgspec.Struct):
    """Where the inboxes send, and each account with the id of its inbox."""

    api: str
    accounts: dict[str, Account] = {}
    inboxes: dict[str, str] = {}


def port_of(folder: Path, wanted: int | None) -> int:
    """The one asked for, else that of the inboxes that are there, else the usual one."""
    if wanted is not None:
        return wanted
    kept = _read(folder)
    return PORT if kept is None else urlsplit(kept.api).port or PORT


def prepare(folder: Path, do: Do, *, api: str, console: str, lang: str) -> list[Account]:
    """The accounts, each with its callback address; makes those inboxes that are not there.

    Raises Refused where `inbox add` refuses, or the inboxes send elsewhere.
    """
    kept = _read(folder) or Kept(api)
    there = {row["id"]: row for row in _rows(_done(do, "inbox list", {"lang": lang, "json": True}))}
    found = set(kept.inboxes.values()) & set(there)
    if found and kept.api != api:
        said = f"the sandbox's inboxes in {folder} send to {kept.api}, not {api}"
        raise Refused("conflict", f"{said}: give that --port, or another --data")
    kept.api = api
    for kind in Kind:
        if kept.inboxes.get(kind) not in there:
            _make(kept, do, kind, lang)
            _write(folder, kept)
    return [
        replace(kept.accounts[kind], hook=f"{console.rstrip('/')}/hooks/{kept.inboxes[kind]}")
        for kind in Kind
    ]


def _make(kept: Kept, do: Do, kind: Kind, lang: str) -> None:
    channel, name, title = INBOXES[kind]
    account = kept.accounts.setdefault(kind, new_account(kind, title))
    values = {
        "token": account.token, "encoding_aes_key": account.aes_key, "api_base": kept.api,
    }  # fmt: skip
    if kind is Kind.KF:
        values |= {"corp_id": account.app_id, "secret": account.secret}
        values["open_kfid"] = account.address
    else:
        values |= {"app_id": account.app_id, "app_secret": account.secret}
    args = {"kind": channel, "name": name, "set": values, "json": True, "lang": lang}
    row = json.loads(_done(do, "inbox add", args))
    kept.inboxes[kind] = str(row["id"])


def _done(do: Do, command: str, args: dict[str, Any]) -> str:
    reply = do({"name": command, "args": args})
    if reply["code"]:
        raise Refused("invalid", f"{command}: {reply['err']}")
    return str(reply["out"])


def _rows(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def _read(folder: Path) -> Kept | None:
    try:
        return msgspec.json.decode((folder / FILE).read_bytes(), type=Kept)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError) as wrong:
        raise Refused("unavailable", f"{folder / FILE}: {wrong}") from wrong


def _write(folder: Path, kept: Kept) -> None:
    beside = folder / f".{FILE}.new"
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(msgspec.json.encode(kept))
    beside.replace(folder / FILE)
