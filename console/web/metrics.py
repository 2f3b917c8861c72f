"""The page /metrics: every figure of the process as Prometheus reads it.

Names begin with `dianxiaoer_` and are listed in the READMEs. A label is a word from a closed list:
never an id, a name or a text. Hot paths know nothing of this page; it reads their plain numbers
when it is asked, into a registry of its own that lives as long as one answer.
"""

import hmac
from collections.abc import Iterable, Iterator
from ipaddress import ip_network

from aiohttp import web
from prometheus_client import CollectorRegistry, GCCollector, ProcessCollector, exposition
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from console.desk import Counts
from console.model.refusal import Refused
from console.model.words import to_ms
from console.telemetry import Buckets
from console.web.address import remote
from console.web.routes import Routes
from console.web.vitals import VITALS, Vitals

PREFIX = "dianxiaoer_"
STAGES = ("robot", "waiting", "open")
OUTBOX = ("queued", "sending", "retry", "unconfirmed", "dead")

routes = Routes()


@routes.get("/metrics", role=None)
async def metrics(request: web.Request) -> web.Response:
    """For this machine itself, or with the token; there is nothing here for anybody else."""
    vitals = request.app[VITALS]
    if not _allowed(request, vitals.token):
        raise Refused("not_found", "nothing at /metrics")
    try:
        counts = await vitals.desk.count()
    except Refused:
        counts = None
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Snapshot(vitals, counts))
    ProcessCollector(registry=registry)
    GCCollector(registry=registry)
    return web.Response(
        body=exposition.generate_latest(registry),
        headers={"Content-Type": exposition.CONTENT_TYPE_LATEST, "Cache-Control": "no-store"},
    )


class Snapshot(Collector):
    """Everything as it is now; `counts` is None while the database does not answer."""

    def __init__(self, vitals: Vitals, counts: Counts | None) -> None:
        self._vitals = vitals
        self._counts = counts

    def collect(self) -> Iterator[Metric]:
        yield from _messages(self._vitals)
        yield from _sockets(self._vitals)
        yield from _store(self._vitals)
        yield from _process(self._vitals)
        yield _gauge("database_up", "1 while the database answers", self._counts is not None)
        if self._counts is not None:
            yield from _rows(self._vitals, self._counts)


def _messages(vitals: Vitals) -> Iterator[Metric]:
    tally, live, desk = vitals.tally, vitals.live, vitals.desk
    yield _counters("messages", "Messages stored", ("author", "inbox"), tally.messages.items())
    yield _counter(
        "duplicates", "Repeats answered with the first message",
        desk.intake.duplicates + desk.floor.duplicates,
    )  # fmt: skip
    yield _counters("refusals", "What was refused", ("door", "code"), live.refused.items())
    yield _counters(
        "suggestions", "Matches for a shopper's words", ("result",),
        (((word,), count) for word, count in tally.suggestions.items()),
    )  # fmt: skip
    yield _histogram(
        "ack_seconds", "A frame read to its answer", ("namespace", "event"), live.acks.items()
    )
    yield _histogram("delivery_seconds", "Commit to agents' sockets", (), [((), live.delivery)])


def _sockets(vitals: Vitals) -> Iterator[Metric]:
    live = vitals.live
    gone: dict[str, int] = {}
    for (namespace, _), count in live.left.items():
        gone[namespace] = gone.get(namespace, 0) + count
    names = sorted({namespace for namespace, _ in live.acks})
    yield _gauges(
        "sockets", "Clients connected", ("namespace",),
        (((name,), live.joined[name] - gone.get(name, 0)) for name in names),
    )  # fmt: skip
    yield _counters(
        "connects", "Clients let in", ("namespace",),
        (((name,), live.joined[name]) for name in names),
    )  # fmt: skip
    yield _counters("disconnects", "Clients gone", ("namespace", "reason"), live.left.items())
    yield _counters(
        "cuts", "Connections we ended", ("reason",),
        (((reason,), count) for reason, count in live.cut.items()),
    )  # fmt: skip
    yield _counter("presence_storms", "Times many vanished at once", vitals.desk.presence.storms)
    yield _gauge("agents_present", "Agents with a window open", len(vitals.desk.presence.present()))


def _store(vitals: Vitals) -> Iterator[Metric]:
    store = vitals.desk.store
    figures = store.figures
    yield _counter("store_commits", "Transactions committed", figures.commits)
    yield _counter("store_units", "Units of work committed", figures.units)
    yield _counter("store_failed_commits", "Commits that failed", figures.failed)
    yield _counter("store_refused_units", "Units refused: too many waited", figures.refused_units)
    yield _gauge("store_waiting_units", "Units waiting for their commit", store.waiting())
    yield _histogram("store_commit_seconds", "Begin to commit", (), [((), figures.seconds)])
    yield _histogram("store_commit_units", "Units in one commit", (), [((), figures.sizes)])
    if vitals.wal is not None:
        size = vitals.wal.stat().st_size if vitals.wal.exists() else 0
        yield _gauge("store_wal_bytes", "Size of SQLite's write-ahead log", size)


def _process(vitals: Vitals) -> Iterator[Metric]:
    lag = vitals.lag
    yield _histogram("loop_lag_seconds", "How late the event loop is", (), [((), lag.lag)])
    yield _counter("loop_lag_warnings", "Times above 50 ms", lag.warnings)
    yield _counter("loop_lag_alarms", "Times above 250 ms", lag.alarms)
    yield _counters(
        "job_crashes", "Crashes of background jobs", ("job",),
        (((job,), count) for job, count in vitals.jobs.crashes.items()),
    )  # fmt: skip


def _rows(vitals: Vitals, counts: Counts) -> Iterator[Metric]:
    now = to_ms(vitals.desk.clock())
    yield _gauges(
        "conversations", "Conversations not closed", ("stage",),
        (((stage,), counts.stages.get(stage, 0)) for stage in STAGES),
    )  # fmt: skip
    yield _gauge(
        "queue_oldest_seconds", "Longest wait in the queue", _age(counts.queued_since, now)
    )
    yield _gauges(
        "outbox", "Messages on their way out", ("state",),
        (((state,), counts.outbox.get(state, 0)) for state in OUTBOX),
    )  # fmt: skip
    yield _gauge("outbox_overdue_seconds", "Longest past its time", _age(counts.outbox_due, now))


def _age(since_ms: int | None, now_ms: int) -> float:
    return 0.0 if since_ms is None else max(0, now_ms - since_ms) / 1000


def _gauge(name: str, about: str, value: float) -> Metric:
    return GaugeMetricFamily(f"{PREFIX}{name}", about, value=float(value))


def _gauges(
    name: str, about: str, labels: tuple[str, ...], values: Iterable[tuple[tuple[str, ...], float]]
) -> Metric:
    family = GaugeMetricFamily(f"{PREFIX}{name}", about, labels=labels)
    for words, value in values:
        family.add_metric(words, value)
    return family


def _counter(name: str, about: str, value: float) -> Metric:
    return CounterMetricFamily(f"{PREFIX}{name}", about, value=value)


def _counters(
    name: str, about: str, labels: tuple[str, ...], values: Iterable[tuple[tuple[str, ...], float]]
) -> Metric:
    family = CounterMetricFamily(f"{PREFIX}{name}", about, labels=labels)
    for words, value in values:
        family.add_metric(words, value)
    return family


def _histogram(
    name: str,
    about: str,
    labels: tuple[str, ...],
    values: Iterable[tuple[tuple[str, ...], Buckets]],
) -> Metric:
    family = HistogramMetricFamily(f"{PREFIX}{name}", about, labels=labels)
    for words, one in values:
        family.add_metric(words, list(_cumulative(one)), one.total)
    return family


def _cumulative(one: Buckets) -> Iterator[tuple[str, float]]:
    total = 0
    for bound, count in zip((*one.bounds, float("inf")), one.counts, strict=True):
        total += count
        yield ("+Inf" if bound == float("inf") else str(bound)), total


def _allowed(request: web.Request, token: str) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(given.encode(), token.encode()):
        return True
    try:
        return ip_network(remote(request)).network_address.is_loopback
    except ValueError:
        return False
