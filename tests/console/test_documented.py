"""Both READMEs name every setting, command, socket event and route; each names its permission."""

import argparse
from pathlib import Path

import msgspec
import pytest

from console.app import ROUTED
from console.cli import _parser
from console.model.words import Role
from console.settings import PREFIX, Settings
from console.web.desk_live import DeskLive
from console.web.live import Declared
from console.web.routes import Route
from console.web.widget_live import WidgetLive

ROOT = Path(__file__).resolve().parents[2]
READMES = ("README.md", "README.zh-CN.md")
ROUTES = [one for module in ROUTED for one in module.routes.all]
EVENTS = [
    one.declared
    for namespace in (WidgetLive, DeskLive)
    for one in vars(namespace).values()
    if hasattr(one, "declared")
]
# what anybody may ask for without signing in; whoever adds to it has thought about it
OPEN = {
    "/",
    "/login",
    "/desk",
    "/knowledge",
    "/settings",
    "/demo",
    "/demo/p/{product}",
    "/widget.js",
    "/static/{file:[A-Za-z0-9._-]+}",
    "/api/login",
    "/widget/files",  # asks for the visitor's token
    "/files/{id}",  # the id is random, and the key
    "/files/{id}/small",
    "/healthz",
    "/readyz",
    "/hooks/{inbox}",  # asks for the provider's signature
    "/metrics",  # asks for an address or a token of its own
}


def settings() -> set[str]:
    return {f"{PREFIX}{one.name.upper()}" for one in msgspec.structs.fields(Settings)}


def commands(parser: argparse.ArgumentParser, above: str = "") -> set[str]:
    """`agent add` and so on, from the parser itself."""
    found: set[str] = set()
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for word, below in action.choices.items():
                found |= commands(below, f"{above} {word}".strip())
    return found or {above}


def paths() -> set[str]:
    """Routes as a reader writes them: without the patterns of their blanks."""
    return {one.path.split("{file")[0] if "{file" in one.path else one.path for one in ROUTES}


def unsaid(text: str) -> dict[str, list[str]]:
    """What a README does not name."""
    wanted = {
        "settings": settings(),
        "commands": commands(_parser()),
        "events": {f"`{one.name}" for one in EVENTS},
        "routes": {one.split("{")[0].rstrip("/") or "/" for one in paths()},
    }
    return {
        kind: missing
        for kind, names in wanted.items()
        if (missing := sorted(name for name in names if name not in text))
    }


@pytest.mark.parametrize("name", READMES)
def test_a_reader_finds_everything(name: str) -> None:
    assert unsaid((ROOT / name).read_text("utf-8")) == {}


def test_what_is_not_said_is_named() -> None:
    text = (ROOT / READMES[0]).read_text("utf-8")
    missing = unsaid(text.replace("CONSOLE_FAQ", "").replace("kb export", ""))
    assert missing["settings"] == ["CONSOLE_FAQ"]
    assert missing["commands"] == ["kb export"]
    assert set(unsaid("")) == {"settings", "commands", "events", "routes"}


def test_what_is_open_is_known() -> None:
    assert {one.path for one in ROUTES if one.role is None} == OPEN
    assert all(isinstance(one, Route) for one in ROUTES)
    assert {one.role for one in ROUTES} <= {None, *Role}


def test_every_socket_event_declares_its_permission() -> None:
    assert all(isinstance(one, Declared) for one in EVENTS)
    of_agents = [one for one in vars(DeskLive).values() if hasattr(one, "declared")]
    assert [one.declared.name for one in of_agents if one.declared.role is None] == []


def test_no_route_goes_past_the_table() -> None:
    """Routes are mounted by `Routes` alone, which asks for a permission."""
    adders = ("router.add_", "add_routes(", "RouteTableDef")
    sources = sorted((ROOT / "console").rglob("*.py"))
    found = [
        path.name for path in sources if any(word in path.read_text("utf-8") for word in adders)
    ]
    assert found == ["routes.py"]
