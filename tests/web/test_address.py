"""Whose connection it is: a header that anyone can write counts as far as trust goes (T28)."""

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from console.model.refusal import Refused
from console.web.address import TRUSTED, networks, remote

HERE = "127.0.0.0/8, ::1, 10.0.0.0/8"
SHOPPER, PROXY, STRANGER = "203.0.113.7", "10.1.2.3", "198.51.100.9"


class Peer:
    """What a request asks of its transport: who is at the other end."""

    def __init__(self, address: str) -> None:
        self._address = address

    def get_extra_info(self, name: str, default: object = None) -> object:
        return (self._address, 4711) if name == "peername" else default

    def is_closing(self) -> bool:
        return False


def seen(peer: str, *forwarded: str, trusted: str = HERE) -> str:
    """The address that counts; `forwarded` are the lines of X-Forwarded-For."""
    app = web.Application()
    app[TRUSTED] = networks(trusted)
    headers = [("X-Forwarded-For", line) for line in forwarded]
    request = make_mocked_request("GET", "/", headers=headers, transport=Peer(peer), app=app)
    return remote(request)


@pytest.mark.parametrize(
    ("peer", "forwarded", "counts"),
    [
        (STRANGER, [], STRANGER),
        (STRANGER, [SHOPPER], STRANGER),
        (STRANGER, ["127.0.0.1"], STRANGER),
        ("127.0.0.1", [], "127.0.0.1"),
        ("127.0.0.1", [SHOPPER], SHOPPER),
        ("127.0.0.1", [f"{STRANGER}, {SHOPPER}"], SHOPPER),
        ("127.0.0.1", [STRANGER, SHOPPER], SHOPPER),
        ("127.0.0.1", [f"{STRANGER}, {SHOPPER}, {PROXY}"], SHOPPER),
        ("127.0.0.1", [f"{SHOPPER},nonsense"], "127.0.0.1"),
        ("127.0.0.1", [f"nonsense, {PROXY}"], PROXY),
        ("127.0.0.1", [f"{SHOPPER}:55123"], SHOPPER),
        ("127.0.0.1", [f"::ffff:{SHOPPER}"], SHOPPER),
        ("::1", ["2001:db8:1:2:3::4"], "2001:db8:1:2::/64"),
        ("::1", ["[2001:db8:1:2:ffff::9]:443"], "2001:db8:1:2::/64"),
        ("::ffff:127.0.0.1", [SHOPPER], SHOPPER),
        ("2001:db8:1:2::4", [SHOPPER], "2001:db8:1:2::/64"),
        ("127.0.0.1", [""], "127.0.0.1"),
    ],
)
def test_a_hop_counts_when_a_trusted_one_named_it(
    peer: str, forwarded: list[str], counts: str
) -> None:
    assert seen(peer, *forwarded) == counts


def test_who_trusts_nobody_believes_nothing() -> None:
    assert seen("127.0.0.1", SHOPPER, trusted="") == "127.0.0.1"


@pytest.mark.parametrize("text", ["10.0.0.0/99", "localhost", "10.1.2.3;10.1.2.4"])
def test_a_wrong_network_is_named(text: str) -> None:
    with pytest.raises(Refused, match="CONSOLE_TRUSTED_PROXIES") as no:
        networks(f"127.0.0.1, {text}")
    assert text in no.value.message
