"""F10: everybody is cut at once and comes back by the browser programs' own back-off.

`bench herd` does the same beside the bare anchor.
"""

from bench import herd
from bench.chaos.fault import Result, Terms
from bench.contenders import Product

CHATS = 100


def run(terms: Terms) -> Result:
    clients = 500 if terms.short else 10_000
    product = Product(terms.folder, agents=herd.AGENTS, capacity=CHATS, limited=True)
    one = herd.drive(product, clients=clients, chats=CHATS, connect_rate=400)
    slowest = (one.back_ms.max or 0) / 1000
    return Result(
        "F10",
        "everybody cut at once",
        f"{one.clients:,} clients, {CHATS} of them with an agent",
        f"all back <= {herd.WITHIN_S} s, loop late <= {herd.PROBE_MS} ms p99, "
        f"RSS <= {herd.RSS_MIB} MiB, no talk moved",
        f"{one.never_back} never back, the last after {slowest:.1f} s with "
        f"{one.tries / one.clients:.2f} tries each, probe p99 {one.probe_ms.p99 or 0:.0f} ms, "
        f"RSS {one.rss_kib / 1024:.0f} MiB, {one.moved} moved",
        passed=herd.passed(one),
    )
