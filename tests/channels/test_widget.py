"""What a shopper's frame becomes, and how a bad one is named."""

from typing import Any

import msgspec
import pytest

from channels import REGISTRY
from channels.base import BadPayload, Inbound, SendFailed
from channels.widget import Widget, WidgetConfig

MAX_TEXT = Widget.abilities.max_text
KEY = "0b0f2f5e-1111-4222-8333-944444444444"
CUP = {"title": "青瓷壶", "id": "p1", "price": "¥199", "url": "/p/p1"}
ORDER = {
    "uid": "2026001", "status": "paid", "statusText": "已付款",
    "goods": [{"title": "青瓷壶", "quantity": 2}], "totalAmount": "¥398",
}  # fmt: skip


def frame(**more: Any) -> dict[str, Any]:
    return {"client_id": KEY, "text": "在吗"} | more


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (frame(), Inbound("p1", KEY, "text", "在吗")),
        (frame(kind="text"), Inbound("p1", KEY, "text", "在吗")),
        (frame(text="x" * MAX_TEXT), Inbound("p1", KEY, "text", "x" * MAX_TEXT)),
        (frame(text=" 在 "), Inbound("p1", KEY, "text", " 在 ")),
        (frame(text="<b>&"), Inbound("p1", KEY, "text", "<b>&")),
        (frame(kind="product", product=CUP), Inbound("p1", KEY, "product", "在吗", CUP)),
        (frame(kind="product", product=CUP, text=""), Inbound("p1", KEY, "product", "", CUP)),
        (frame(kind="order", order=ORDER, text=""), Inbound("p1", KEY, "order", "", ORDER)),
    ],
)
def test_a_good_frame(given: dict[str, Any], read: Inbound) -> None:
    assert Widget.receive("p1", given) == read


@pytest.mark.parametrize(
    ("given", "named"),
    [
        (None, "Expected `object`"),
        ("在吗", "Expected `object`"),
        ([], "Expected `object`"),
        ({}, "client_id"),
        ({"text": "在吗"}, "client_id"),
        (frame(client_id="short"), "$.client_id"),
        (frame(client_id="x" * 65), "$.client_id"),
        (frame(client_id="has space in"), "$.client_id"),
        (frame(client_id=12345678), "$.client_id"),
        (frame(text=""), "`text`"),
        (frame(text=" \n　"), "`text`"),
        (frame(text=7), "$.text"),
        (frame(text=None), "$.text"),
        (frame(colour="red"), "colour"),
        (frame(private=True), "private"),
        (frame(author="agent"), "author"),
        (frame(kind="rating"), "$.kind"),
        (frame(kind="event"), "$.kind"),
        (frame(kind="video"), "$.kind"),
        (frame(kind="image"), "`file`"),
        (frame(file="f1"), "`file`"),
        (frame(kind="file", file="f1", product=CUP), "`product`"),
        (frame(kind="file", file=""), "$.file"),
        (frame(kind="product"), "`product`"),
        (frame(product=CUP), "`product`"),
        (frame(kind="order"), "`order`"),
        (frame(order=ORDER), "`order`"),
        (frame(kind="order", order=ORDER, product=CUP), "`product`"),
        (frame(kind="product", product={"id": "p1"}), "title"),
        (frame(kind="product", product={**CUP, "stock": 1}), "stock"),
        (frame(kind="product", product={**CUP, "url": "javascript:alert(1)"}), "$.product.url"),
        (frame(kind="product", product={**CUP, "image": "data:text/html,x"}), "$.product.image"),
        (frame(kind="product", product={**CUP, "title": "x" * 201}), "$.product.title"),
        (frame(kind="order", order={"status": "paid"}), "uid"),
        (frame(kind="order", order={**ORDER, "goods": [{}]}), "title"),
        (frame(kind="order", order={**ORDER, "goods": [{"title": "壶"}] * 51}), "$.order.goods"),
        (frame(kind="order", order={**ORDER, "goods": [{"title": "壶", "quantity": "2"}]}),
         "quantity"),
    ],
)  # fmt: skip
def test_a_bad_frame_names_the_field(given: Any, named: str) -> None:
    with pytest.raises(BadPayload) as bad:
        Widget.receive("p1", given)
    assert named in str(bad.value)


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"reopen_hours": 721}, "reopen_hours"),
        ({"reopen_hours": -1}, "reopen_hours"),
        ({"greeting": "x" * 501}, "greeting"),
        ({"robot": "maybe"}, "robot"),
        ({"api_base": "x"}, "api_base"),
    ],
)
def test_a_bad_setting_is_named(values: dict[str, Any], named: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=named):
        msgspec.convert(values, WidgetConfig, strict=False)


def test_the_registry_knows_each_channel_by_its_kind() -> None:
    assert REGISTRY["widget"] is Widget
    for kind, channel in REGISTRY.items():
        assert channel.kind == kind
        assert channel.abilities.max_text > 0
        assert issubclass(channel.Config, msgspec.Struct)
        assert channel.Config.__struct_config__.forbid_unknown_fields


def test_the_widget_is_live() -> None:
    assert Widget.abilities.live
    assert Widget.abilities.typing
    assert Widget.abilities.recall
    assert Widget.abilities.read_state


def test_a_failed_send_carries_what_the_sender_decides_by() -> None:
    failed = SendFailed("45015", retry=False)
    assert (failed.code, failed.retry, failed.ambiguous, str(failed)) == (
        "45015", False, False, "45015",
    )  # fmt: skip
