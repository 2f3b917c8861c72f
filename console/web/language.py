"""Which language a browser reads."""

from aiohttp import web

LANGUAGES = ("zh-CN", "en")


def language(request: web.Request) -> str:
    """`?lang=`, then the cookie, then what the browser prefers, then Chinese."""
    for wanted in (request.query.get("lang"), request.cookies.get("lang")):
        if wanted in LANGUAGES:
            return wanted
    for part in request.headers.get("Accept-Language", "").split(","):
        tag = part.split(";")[0].strip().lower()
        if tag.startswith("zh"):
            return "zh-CN"
        if tag.startswith("en"):
            return "en"
    return "zh-CN"
