"""Socket.IO packets of JSON alone: no search for bytes, and nobody can announce attachments."""

from typing import Any

import orjson
from socketio import packet as protocol

RESERVED = ("connect", "disconnect", "connect_error")
EVENT = "2"
# more digits than any client counts to
LONGEST_ID = 15


class Malformed(ValueError):
    """A frame that is not Socket.IO with a JSON payload."""


class JsonPacket(protocol.Packet):  # type: ignore[misc]
    """The library's packet, written and read by orjson."""

    uses_binary_events = False

    def encode(self) -> str:
        head = f"{self.packet_type}"
        if self.namespace and self.namespace != "/":
            head += f"{self.namespace},"
        if self.id is not None:
            head += str(self.id)
        return head if self.data is None else head + orjson.dumps(self.data).decode()

    def decode(self, encoded_packet: Any) -> int:
        """Raises Malformed on anything but a well-formed packet of types 0 to 4."""
        if not isinstance(encoded_packet, str) or encoded_packet[:1] not in tuple("01234"):
            raise Malformed("not a packet of JSON")
        self.data: Any
        self.packet_type = int(encoded_packet[0])
        if self.packet_type == protocol.EVENT:
            self.namespace, self.id, self.data = read_event(encoded_packet)
        else:
            self.namespace, self.id, rest = _head(encoded_packet)
            self.data = orjson.loads(rest) if rest else None
        return 0


def read_event(packet: str) -> tuple[str | None, int | None, list[Any]]:
    """Namespace (None is the root), acknowledgement id, and the event's name with its arguments.

    Raises Malformed, or the JSON reader's ValueError.
    """
    namespace, number, rest = _head(packet)
    data: Any = orjson.loads(rest) if rest else None
    if not (isinstance(data, list) and data and isinstance(data[0], str)):
        raise Malformed("an event is a list that begins with its name")
    if data[0] in RESERVED:  # the library would run our handler of that name
        raise Malformed(f"the event {data[0]} is the server's own")
    return namespace, number, data


def _head(packet: str) -> tuple[str | None, int | None, str]:
    rest = packet[1:]
    namespace = None
    if rest[:1] == "/":
        namespace, _, rest = rest.partition(",")
    digits = len(rest) - len(rest.lstrip("0123456789"))
    if digits > LONGEST_ID:
        raise Malformed("the acknowledgement id is too long")
    return namespace, int(rest[:digits]) if digits else None, rest[digits:]
