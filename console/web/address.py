"""Where a request comes from, and whether it comes from our own pages."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from aiohttp import web

from console.model.refusal import Refused

Networks = tuple[IPv4Network | IPv6Network, ...]
TRUSTED = web.AppKey("trusted_proxies", tuple)
# a provider gives every customer as much
V6_CUSTOMER = 64


def networks(text: str) -> Networks:
    """Comma separated addresses and networks. Raises Refused("invalid") with the wrong one."""
    found = []
    for one in filter(None, map(str.strip, text.split(","))):
        try:
            found.append(ip_network(one, strict=False))
        except ValueError as wrong:
            raise Refused("invalid", f"CONSOLE_TRUSTED_PROXIES: {wrong}") from wrong
    return tuple(found)


def same_origin(request: web.Request) -> bool:
    """Whether the Origin header names this very host. A missing one is refused (T4)."""
    origin = request.headers.get("Origin")
    return origin is not None and origin != "null" and urlsplit(origin).netloc == request.host


def over_tls(request: web.Request) -> bool:
    """Whether the browser came by TLS, to us or to a proxy. Whoever writes the header themselves
    gets a stricter cookie, which is why it may be believed."""
    return request.secure or request.headers.get("X-Forwarded-Proto", "").lower() == "https"


def remote(request: web.Request) -> str:
    """Whose connection it is. Anyone can write X-Forwarded-For (T28): a hop is believed when the
    one after it is a trusted proxy, from the last on. IPv6 counts by the customer's network."""
    trusted: Networks = request.app.get(TRUSTED, ())
    here = _address(request.remote or "")
    hops = _forwarded(request)
    while hops and here is not None and any(here in network for network in trusted):
        before = _address(hops.pop())
        if before is None:
            break
        here = before
    if isinstance(here, IPv6Address):
        return str(ip_network((here, V6_CUSTOMER), strict=False))
    return str(here or "?")


def _forwarded(request: web.Request) -> list[str]:
    lines = request.headers.getall("X-Forwarded-For", ())
    return [hop for line in lines for hop in line.split(",")]


def _address(hop: str) -> IPv4Address | IPv6Address | None:
    """As proxies write it: `192.0.2.7`, `192.0.2.7:4711`, `2001:db8::7`, `[2001:db8::7]:4711`."""
    bare = hop.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        found = ip_address(bare)
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found
