"""The shop's own page: shoppers write from the widget, what the desk says is pushed to it."""

from typing import Annotated, Any, ClassVar, Literal

import msgspec

from channels.base import Abilities, BadPayload, Config, Inbound

_LONGEST_URL = 2000

_Short = Annotated[str, msgspec.Meta(max_length=200)]
_Url = Annotated[str, msgspec.Meta(max_length=_LONGEST_URL, pattern="^(https?://|/)")]


class WidgetConfig(Config):
    """What an owner sets for one site."""

    greeting: Annotated[str, msgspec.Meta(max_length=500)] = "您好，欢迎光临！请问有什么可以帮您？"
    robot: bool = False
    identity_secret: Annotated[str, msgspec.Meta(max_length=200, extra={"secret": True})] = ""
    identity_required: bool = False


class Product(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """The card of a product, as the shop's page hands it over."""

    title: _Short
    id: _Short = ""
    price: _Short = ""
    image: _Url | Literal[""] = ""
    url: _Url | Literal[""] = ""


class Goods(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """One line of an order."""

    title: _Short
    quantity: int = 1
    image: _Url | Literal[""] = ""
    price: _Short = ""


class Order(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """The card of an order."""

    uid: _Short
    time: _Short = ""
    status: _Short = ""
    statusText: _Short = ""
    goods: Annotated[list[Goods], msgspec.Meta(max_length=50)] = []
    totalAmount: _Short = ""


class Say(msgspec.Struct, forbid_unknown_fields=True):
    """The frame of one message of a shopper; how long a text may be is the console's to say."""

    client_id: Annotated[str, msgspec.Meta(min_length=8, max_length=64, pattern="^[0-9A-Za-z_-]+$")]
    text: str = ""
    kind: Literal["text", "image", "file", "product", "order"] = "text"
    file: Annotated[str, msgspec.Meta(min_length=1, max_length=64)] | None = None
    product: Product | None = None
    order: Order | None = None


class Widget:
    """Adapter of kind `widget`."""

    kind: ClassVar[str] = "widget"
    Config: ClassVar[type[Config]] = WidgetConfig
    abilities: ClassVar[Abilities] = Abilities(live=True, typing=True, recall=True, read_state=True)

    @staticmethod
    def receive(person: str, frame: Any) -> Inbound:
        """Read one `say` frame. Raises BadPayload with the field at fault."""
        try:
            say = msgspec.convert(frame, Say)
        except msgspec.ValidationError as wrong:
            raise BadPayload("say", str(wrong)) from wrong
        card = _card(say)
        if card is None and not say.text.strip():
            raise BadPayload("text", "`text` is empty")
        return Inbound(person=person, key=say.client_id, kind=say.kind, text=say.text, data=card)


def _card(say: Say) -> dict[str, Any] | None:
    if (say.product is not None) != (say.kind == "product"):
        raise BadPayload("product", "`product` comes with kind `product`, and only there")
    if (say.order is not None) != (say.kind == "order"):
        raise BadPayload("order", "`order` comes with kind `order`, and only there")
    if (say.file is not None) != (say.kind in ("image", "file")):
        raise BadPayload("file", "`file` comes with kind `image` or `file`, and only there")
    if say.file is not None:
        return {"file": {"id": say.file}}
    card = say.product or say.order
    return None if card is None else dict(msgspec.to_builtins(card))
