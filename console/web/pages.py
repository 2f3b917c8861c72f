"""The pages people open: sign-in, the desk, the knowledge, the demo shop; and the built files they
load."""

import json as plain_json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
from aiohttp import web

from console.desk.entrance import Session
from console.web import wire
from console.web.language import LANGUAGES, language
from console.web.routes import DESK, Routes, session_of

OWN_PAGE = re.compile(r"/([\w.-][\w./?=&%#-]*)?", re.ASCII)
YEAR_S = 365 * 24 * 3600
TITLES = {
    "zh-CN": {"login": "登录", "desk": "工作台", "knowledge": "知识库", "settings": "设置"},
    "en": {"login": "Sign in", "desk": "Desk", "knowledge": "Knowledge", "settings": "Settings"},
}

routes = Routes()


@dataclass(frozen=True, slots=True)
class Demo:
    """What the demo shows: its products, its accounts, the inbox of its shop page, and where a
    phone with WeChat is, if there is one."""

    products: list[dict[str, Any]]
    accounts: list[dict[str, str]]
    inbox_key: str
    shop_name: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """The templates, the built files, how the internet reaches us where that is set, and, in a
    demo, the shop."""

    templates: jinja2.Environment
    dist: Path
    assets: Mapping[str, str]
    shop_name: str
    demo: Demo | None
    public_url: str


SITE = web.AppKey("site", Site)


def open_site(
    templates: Path, dist: Path, *, shop_name: str, demo: Demo | None, public_url: str = ""
) -> Site:
    """Raises FileNotFoundError when the browser programs have not been built."""
    loader = jinja2.FileSystemLoader(templates)
    environment = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, enable_async=False
    )
    assets = plain_json.loads((dist / "manifest.json").read_text("utf-8"))
    return Site(environment, dist, assets, shop_name, demo, public_url.rstrip("/"))


@routes.get("/", role=None)
async def home(request: web.Request) -> web.Response:
    raise web.HTTPFound("/demo" if request.app[SITE].demo else "/desk")


@routes.get("/login", role=None)
async def login(request: web.Request) -> web.Response:
    if await session_of(request) is not None:
        raise web.HTTPFound(_next(request))
    demo = request.app[SITE].demo
    boot = {
        "lang": language(request),
        "shop": {"name": request.app[SITE].shop_name},
        "next": _next(request),
        "demo": {"accounts": demo.accounts} if demo else None,
    }
    return _page(request, "login.html", "login", boot=boot)


@routes.get("/desk", role=None)
async def desk(request: web.Request) -> web.Response:
    session = await _signed_in(request)
    return _page(request, "desk.html", "desk", boot=_boot(request, session))


@routes.get("/knowledge", role=None)
async def knowledge(request: web.Request) -> web.Response:
    session = await _signed_in(request)
    groups, agents = await request.app[DESK].views.team(session.agent.shop_id)
    team = {"groups": groups, "agents": agents}
    boot = {**_boot(request, session), "team": team}
    return _page(request, "knowledge.html", "knowledge", boot=boot)


@routes.get("/settings", role=None)
async def settings(request: web.Request) -> web.Response:
    session = await _signed_in(request)
    boot = {**_boot(request, session), "address": request.app[SITE].public_url}
    return _page(request, "settings.html", "settings", boot=boot)


@routes.get("/demo", role=None)
async def shop(request: web.Request) -> web.Response:
    demo = _demo(request)
    return _page(request, "demo/shop.html", "", **_shop(demo))


@routes.get("/demo/p/{product}", role=None)
async def product(request: web.Request) -> web.Response:
    demo = _demo(request)
    wanted = request.match_info["product"]
    found = [one for one in demo.products if one["id"] == wanted]
    if not found:
        raise web.HTTPNotFound
    return _page(request, "demo/product.html", "", product=found[0], **_shop(demo))


@routes.get("/widget.js", role=None)
async def launcher(request: web.Request) -> web.StreamResponse:
    response = web.FileResponse(request.app[SITE].dist / "widget.js")
    response.headers["Cache-Control"] = "public, max-age=300"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@routes.get("/static/{file:[A-Za-z0-9._-]+}", role=None)
async def static(request: web.Request) -> web.StreamResponse:
    name = request.match_info["file"]
    path = request.app[SITE].dist / name
    if name.startswith(".") or not path.is_file():
        raise web.HTTPNotFound
    response = web.FileResponse(path)
    hashed = f"/static/{name}" in request.app[SITE].assets.values() and "-" in name
    age = f"public, max-age={YEAR_S}, immutable" if hashed else "public, max-age=300"
    response.headers["Cache-Control"] = age
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


async def _signed_in(request: web.Request) -> Session:
    session = await session_of(request)
    if session is None:
        raise web.HTTPFound(f"/login?next={request.path}")
    return session


def _boot(request: web.Request, session: Session) -> dict[str, Any]:
    return {
        "lang": language(request),
        "csrf": session.csrf,
        "agent": wire.me(session.agent),
        "shop": {"name": request.app[DESK].library.shop_name(session.agent.shop_id)},
        "demo": request.app[SITE].demo is not None,
    }


def _page(request: web.Request, template: str, title: str, **values: Any) -> web.Response:
    site, lang = request.app[SITE], language(request)
    text = site.templates.get_template(template).render(
        lang=lang,
        assets=site.assets,
        title=TITLES[lang].get(title, site.shop_name),
        **values,
    )
    response = web.Response(text=text, content_type="text/html", charset="utf-8")
    response.headers["Cache-Control"] = "no-store"
    if request.query.get("lang") in LANGUAGES:
        response.set_cookie("lang", lang, path="/", samesite="Lax", max_age=YEAR_S)
    return response


def _shop(demo: Demo) -> dict[str, Any]:
    return {
        "shop": {"name": demo.shop_name},
        "products": demo.products,
        "inbox_key": demo.inbox_key,
        "agents": demo.accounts,
        "phone": demo.phone,
    }


def _demo(request: web.Request) -> Demo:
    demo = request.app[SITE].demo
    if demo is None:
        raise web.HTTPNotFound
    return demo


def _next(request: web.Request) -> str:
    """Only our own pages: never `//elsewhere`, nor what a browser would read as that."""
    wanted = request.query.get("next", "")
    return wanted if OWN_PAGE.fullmatch(wanted) else "/desk"
