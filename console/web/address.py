"""Where a request comes from, and whether it comes from our own pages."""

from urllib.parse import urlsplit

from aiohttp import web


def same_origin(request: web.Request) -> bool:
    """Whether the Origin header names this very host. A missing one is refused (T4)."""
    origin = request.headers.get("Origin")
    return origin is not None and origin != "null" and urlsplit(origin).netloc == request.host


def over_tls(request: web.Request) -> bool:
    """Whether the browser came by TLS, to us or to a proxy. Whoever writes the header themselves
    gets a stricter cookie, which is why it may be believed."""
    return request.secure or request.headers.get("X-Forwarded-Proto", "").lower() == "https"


def remote(request: web.Request) -> str:
    """The peer's address; headers that anyone can write are not believed (T28)."""
    return request.remote or "?"
