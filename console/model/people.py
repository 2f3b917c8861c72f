"""Agents, and what they may see."""

from dataclasses import dataclass

from console.model.words import AgentId, Availability, GroupId, Role, ShopId


@dataclass(frozen=True, slots=True)
class Group:
    """A skill group, such as 售前."""

    id: GroupId
    name: str


@dataclass(frozen=True, slots=True)
class Agent:
    """A person at the desk. `state` is what they chose; presence is another thing."""

    id: AgentId
    shop_id: ShopId
    name: str
    role: Role
    capacity: int
    state: Availability
    groups: tuple[Group, ...] = ()

    @property
    def leads(self) -> bool:
        return self.role is not Role.AGENT

    def may_see(self, shop_id: ShopId, group_id: GroupId | None, agent_id: AgentId | None) -> bool:
        """A conversation of another group does not exist for an agent, unless it is theirs."""
        if shop_id != self.shop_id:
            return False
        if self.leads or group_id is None or agent_id == self.id:
            return True
        return any(group.id == group_id for group in self.groups)
