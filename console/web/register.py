"""Who is connected, and goodbye to one without looking through everybody.

The library keeps a room for each client and, when one leaves, searches them all: 10,000 leaving at
once cost it 40 s of the event loop. Nobody here is in any room but those it makes by itself.
"""

import socketio


class Register(socketio.AsyncManager):  # type: ignore[misc]
    """python-socketio's, for clients that are in no rooms."""

    def basic_disconnect(self, sid: str, namespace: str, **_: object) -> None:
        if namespace not in self.rooms:
            return
        for room in (sid, None):
            self.basic_leave_room(sid, namespace, room)
        self.callbacks.pop(sid, None)
        for pending in (self.pending_connect, self.pending_disconnect):
            if sid in pending.get(namespace, ()):
                pending[namespace].remove(sid)
                if not pending[namespace]:
                    del pending[namespace]
