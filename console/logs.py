"""The log of a serving process: text for a person, JSON for a machine, ids as fields of their own.

It may be read by people who may not read the shop's talks, so it holds no words of theirs: callers
log ids and places, an exception is shown by its type, its places and what it says outside quotes,
and only our own loggers go below `info`, because libraries write statements with their values.
"""

import logging
import re
import sys
import traceback
from typing import Any

import orjson
import structlog
from structlog.typing import EventDict, ExcInfo, Processor, WrappedLogger

OURS = ("console", "channels", "knowledge")
# what a field may never show, however it got there
HIDDEN = re.compile(
    r"(^|_)(token|password|secret|cookie|csrf|authorization|text|body)(_|$)", re.IGNORECASE
)
QUOTED = re.compile(r"""(["']).*?\1""")
CREDENTIALS = re.compile(r"(?<=://)[^/\s@]+(?=@)")
LONGEST = 300


def begin(level: str, kind: str) -> None:
    """From now on everything that is logged goes to standard error, as `text` or as `json`."""
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=kind == "json", key="time"),
        structlog.processors.ExceptionRenderer(told),
        without_secrets,
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_shown(kind)],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    ours = logging.getLevelName(level.upper())
    root.setLevel(max(ours, logging.INFO))
    for name in OURS:
        logging.getLogger(name).setLevel(ours)


def told(exc_info: ExcInfo) -> str:
    """An exception and what led to it: types, places, and no values."""
    one: BaseException | None = exc_info[1]
    parts: list[str] = []
    while one is not None:
        places = "".join(traceback.format_tb(one.__traceback__))
        said = str(one).partition("\n")[0][:LONGEST]
        kind = f"{type(one).__module__}.{type(one).__qualname__}"
        parts.append(f"Traceback (most recent call last):\n{places}{kind}: {QUOTED.sub('…', said)}")
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    return "\n\nwhich came from\n\n".join(parts)


def without_secrets(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Hides fields by their name, and names and passwords in addresses."""
    for field, value in event.items():
        if HIDDEN.search(field):
            event[field] = "…"
        elif isinstance(value, str):
            event[field] = CREDENTIALS.sub("…", value)
    return event


def _shown(kind: str) -> list[Processor]:
    if kind == "json":
        return [
            structlog.processors.EventRenamer("message"),
            structlog.processors.JSONRenderer(_json),
        ]
    return [
        structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(),
            pad_event_to=0,
            pad_level=False,
            timestamp_key="time",
            exception_formatter=structlog.dev.plain_traceback,
        )
    ]


def _json(value: EventDict, **_: Any) -> str:
    return orjson.dumps(value, default=str).decode()
