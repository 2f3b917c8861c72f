"""A stored file as a value: a picture, which has a width and a height, or anything else."""

from datetime import datetime
from typing import Any

import msgspec

from console.model.words import AgentId, FileId, IdentityId, InboxId, Kind, ShopId


class Owner(msgspec.Struct, frozen=True, kw_only=True):
    """Who a file comes from: an agent, or a shopper on an inbox."""

    shop_id: ShopId
    agent_id: AgentId | None = None
    identity_id: IdentityId | None = None
    inbox_id: InboxId | None = None

    @property
    def key(self) -> str:
        return self.agent_id or self.identity_id or self.shop_id


class File(msgspec.Struct, frozen=True, kw_only=True):
    """`small` says whether there is a smaller picture beside it."""

    id: FileId
    owner: Owner
    name: str
    type: str
    size: int
    sha256: str
    created_at: datetime
    width: int | None = None
    height: int | None = None
    small: bool = False

    @property
    def kind(self) -> Kind:
        """Of the message that says it."""
        return Kind.FILE if self.width is None else Kind.IMAGE

    @property
    def described(self) -> dict[str, Any]:
        """What its message keeps of it, for whoever shows or sends it."""
        said: dict[str, Any] = {
            "id": self.id, "name": self.name, "type": self.type, "size": self.size,
        }  # fmt: skip
        if self.width is not None:
            said |= {"width": self.width, "height": self.height}
        return {**said, "small": True} if self.small else said
