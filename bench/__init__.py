"""How fast and how large: each bench is one command, and stands beside a peer run with it.

    python3 run.py bench                 lists them
    python3 run.py bench relay --help    its options

**What is measured.** A *message* is one frame of a shopper in, one acknowledgement out, and one
delivery to the agent's socket. It is *durable*: acknowledged after a commit with
`synchronous=FULL`. The dependable figure is **server CPU microseconds per message**: user and
system time of the server's whole process tree between two marks, over the deliveries between them.
Messages per second depend on who else uses the machine; CPU per message hardly does, and
`1e6 / us` is what one whole core would carry.

**How.** The server is pinned to one core and the load generator to another. Contenders take turns
(A B A B …), each with a server started afresh, so that a busy minute falls on all of them; a ratio
is taken within a round and its median [min-max] printed. Latency runs from the moment a message
was due, so a stalled server pays for the queue it causes. Every message is counted by its id:
lost, doubled and foreign must be zero or the figures mean nothing.

**Against what.** `anchor` is a plain python-socketio relay with grouped commits: the same library
and the same promise to the disk with no product around it. Being within a factor of it says how
much the product costs, on any machine, to anyone with a clone.

Benches start the servers as separate programs and import nothing of the product: what they measure
is what a shop runs. Matching is the exception; `bench/matching` says why. Loopback only, bounded in
time, and nothing is left behind.
"""

from bench.registry import main

__all__ = ["main"]
