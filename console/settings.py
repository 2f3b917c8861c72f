"""What an installation may set in the environment: `CONSOLE_HOST` is the field `host`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from console.model.refusal import Refused

PREFIX = "CONSOLE_"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Defaults are a whole installation on one machine. README.md says the same in a table."""

    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535)] = 8000
    data: str = "./data"
    database_url: str = ""
    secret: str = ""
    faq: str = ""
    encoder: str = ""
    agent_grace_s: Annotated[float, Meta(ge=0)] = 60.0
    failpoints: str = ""
    rate_limits: Literal["on", "off"] = "on"
    public_url: Annotated[str, Meta(pattern=r"^(https?://[^\s/]+.*)?$")] = ""
    trusted_proxies: str = "127.0.0.0/8, ::1"
    metrics_token: str = ""
    log_format: Literal["text", "json"] = "text"
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @property
    def postgres(self) -> str | None:
        """The address of the database as `postgresql://…`, or None for SQLite in the folder."""
        url = self.database_url
        for other in ("postgresql+asyncpg://", "postgres://"):
            url = url.replace(other, "postgresql://", 1) if url.startswith(other) else url
        return url or None

    @property
    def folder(self) -> Path:
        return Path(self.data).expanduser().resolve()


def from_environment(environ: Mapping[str, str], **given: Any) -> Settings:
    """Settings from the environment, over which what was `given` (and is not None) wins.

    Raises Refused("invalid") with the variable's name.
    """
    fields = {field.name for field in msgspec.structs.fields(Settings)}
    values: dict[str, Any] = {}
    for name, value in environ.items():
        if name.startswith(PREFIX) and name.removeprefix(PREFIX).lower() in fields:
            values[name.removeprefix(PREFIX).lower()] = value
    values |= {key: value for key, value in given.items() if value is not None}
    try:
        return msgspec.convert(values, Settings, strict=False)
    except msgspec.ValidationError as wrong:
        raise Refused("invalid", f"settings ({PREFIX}…): {wrong}") from wrong
