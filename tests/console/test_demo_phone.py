"""A demo brings WeChat along: a phone beside the shop page, whose words reach the demo's agents;
the same phone after a restart, and none where its port is taken."""

import json
import re
import socket
import urllib.request

from tests.clients import agent
from tests.program import Program, demo

__all__ = ["demo"]


def address(demo: Program, lang: str = "zh-CN") -> str:
    """Where the shop page says that one can ask from WeChat; empty where it does not."""
    page = demo.get(f"/demo?lang={lang}")[1].decode()
    words = "从微信咨询" if lang == "zh-CN" else "Ask from WeChat"
    found = re.search(rf'href="(http://127\.0\.0\.1:\d+)"[^>]*>{words}<', page)
    return found[1] if found else ""


def shown(phone: str) -> str:
    with urllib.request.urlopen(f"{phone}/", timeout=10) as page:
        return str(page.read().decode())


def writes(phone: str, text: str) -> None:
    deed = {"account": "official", "person": "lin", "act": {"type": "text", "text": text}}
    request = urllib.request.Request(
        f"{phone}/_/act", json.dumps(deed).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.status == 200


async def test_a_phone_beside_the_shop(demo: Program) -> None:
    phone = address(demo)
    assert phone == address(demo, "en") != ""
    assert f"WeChat sandbox  {phone}" in demo.said
    assert '<div id="root">' in shown(phone)
    async with agent(demo, "小青", demo.demo_password) as desk:
        writes(phone, "壶还有货吗")
        heard = await desk.event("message", lambda one: one["text"] == "壶还有货吗")
        assert heard["kind"] == "text"
    inboxes = demo.cli("inbox", "list", "--json").stdout.splitlines()
    assert len(inboxes) == 4
    demo.stop()
    demo.start()
    assert address(demo) == phone
    assert demo.cli("inbox", "list", "--json").stdout.splitlines() == inboxes
    demo.stop()
    with socket.create_server(("127.0.0.1", int(phone.rpartition(":")[2]))):
        demo.start()
        assert address(demo) == ""
        assert "the demo has no WeChat" in demo.said
