"""Files over the API, the same for all three products: uploaded as one form part, fetched by id."""

import re

from sandbox.accounts import Kind
from sandbox.calls import Answer, Call, Door, done
from sandbox.refusals import Refusal
from sandbox.world import World

ALL = tuple(Kind)
BOUNDARY = re.compile(r'multipart/form-data;\s*boundary="?([^";]{1,70})"?\s*', re.IGNORECASE)
PARAMETER = re.compile(r';\s*(\w+)="([^"]*)"')


def upload(world: World, call: Call) -> Answer:
    name, data = _part(call)
    file = world.media.upload(call.account.kind, call.query.get("type", ""), name, data)
    given = {"type": file.type, "media_id": file.id}
    if call.account.kind is Kind.KF:
        return done(**given, created_at=str(int(file.at)))
    return {**given, "created_at": int(file.at)}


def fetch(world: World, call: Call) -> Answer:
    file = world.media.find(call.query.get("media_id", ""))
    if file.type == "video" and call.account.kind is not Kind.KF:
        return {"video_url": f"{call.origin}/_/media/{file.id}"}
    return file


def _part(call: Call) -> tuple[str, bytes]:
    """Name and content of the one part, which is called `media` and has a filename."""
    kind = BOUNDARY.fullmatch(call.mime)
    if kind is None:
        raise Refusal(41005, "not multipart/form-data")
    for part in call.body.split(b"--" + kind.group(1).encode())[1:]:
        head, blank, data = part.partition(b"\r\n\r\n")
        fields = dict(PARAMETER.findall(head.decode(errors="replace")))
        if blank and fields.get("name") == "media" and fields.get("filename"):
            return fields["filename"], data.removesuffix(b"\r\n")
    raise Refusal(41005, "no part `media` with a filename")


DOORS = {
    "/cgi-bin/media/upload": Door("POST", ALL, upload),
    "/cgi-bin/media/get": Door("GET", ALL, fetch),
}
