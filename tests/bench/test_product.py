"""The load generator speaks the product's wire: log-in, talks with agents, messages counted."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.contenders import Product
from bench.generator import Chats, Herd, Idle, Talk, load


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    folder: Path = tmp_path_factory.mktemp("bench")
    yield Product(folder, agents=2, capacity=4)
    assert [one.name for one in folder.iterdir() if one.is_dir()] == ["product"]


@pytest.mark.parametrize(("mode", "language"), [("closed", "latin"), ("open", "chinese")])
def test_messages_are_delivered_once(product: Product, mode: str, language: str) -> None:
    with product.serving() as server:
        run = load(
            Talk,
            server,
            wire={**product.wire, "language": language},
            mode=mode,
            rate=50,
            seconds=0.5,
            warmup=0.2,
            shoppers=4,
            agents=2,
        )
    assert run.sound
    assert run.sent > 20
    assert run.delivery_ms.p50 is not None
    assert run.resyncs == 0


def test_open_chats_and_idle_connections(product: Product) -> None:
    with product.serving() as server:
        options = {"seconds": 0.5, "warmup": 0.1}
        chats = load(
            Chats, server, wire=product.wire, mode="chats", shoppers=4, agents=2, **options
        )
        idle = load(
            Idle, server, wire=product.wire, mode="idle", connections=50, agents=2, **options
        )
    assert (chats.closed, chats.errors, idle.closed, idle.errors) == (0, 0, 0, 0)
    assert chats.rss_kib > 10_000
    assert idle.connections == 50


def test_a_herd_comes_back(product: Product) -> None:
    with product.serving() as server:
        herd = load(
            Herd,
            server,
            wire=product.wire,
            mode="herd",
            agents=2,
            shoppers=4,
            connections=40,
            seconds=20,
            warmup=0.1,
        )
    assert (herd.clients, herd.never_back, herd.moved) == (42, 0, 0)
    assert herd.tries >= 42
    assert herd.back_ms.p50 is not None
    assert herd.back_ms.p50 >= 500, "nobody comes back before the browser program would"
    assert herd.probe_ms.n > 10
