"""What runs in the background of a process: named, restarted with back-off, stopped in order."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from console.collector import Collector
from console.desk import Desk
from console.desk.leases import FILES, GRACE, QUEUE
from console.failpoints import TICK, TICK_S
from console.lag import LagWatch
from console.outbox import Outbox
from console.profiler import Profiler
from console.puller import Puller
from console.tasks import spawn
from console.telemetry import STEADY_S, JobFigures
from console.typing_signs import TypingSigns
from console.web.floods import Floods
from console.web.sockets import Sockets

log = logging.getLogger(__name__)

SWEEP_QUEUE_S = 5.0
CHECK_GRACE_S = 1.0
SWEEP_SOCKETS_S = 0.5
SWEEP_SESSIONS_S = 2.0
SWEEP_USAGE_S = 24 * 3600.0
TELL_FLOODS_S = 2.0
LOOK_AT_FAQ_S = 3.0
SWEEP_FILES_S = 600.0
LONGEST_PAUSE_S = 30.0
STOP_S, STOP_ONE_S = 6.0, 3.5


@dataclass(frozen=True, slots=True)
class Job:
    """`run` goes on until it is cancelled; when it crashes it is started again."""

    name: str
    run: Callable[[], Awaitable[None]]


class Jobs:
    """Starts jobs and stops them, the last started first."""

    def __init__(self) -> None:
        self.figures = JobFigures()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self, job: Job) -> None:
        self._tasks.append(spawn(job.name, _supervise(job, self.figures)))

    async def stop(self) -> None:
        """A job that does not end when it is told to is named and left behind."""
        until = time.monotonic() + STOP_S
        while self._tasks:
            task = self._tasks.pop()
            task.cancel()
            left = max(0.1, min(STOP_ONE_S, until - time.monotonic()))
            _, hanging = await asyncio.wait([task], timeout=left)
            if hanging:
                log.error("job %s does not stop", task.get_name())


def standing(
    desk: Desk,
    sockets: Sockets,
    floods: Floods,
    watch: LagWatch,
    *,
    follow_faq: Callable[[], Awaitable[None]],
) -> list[Job]:
    """The jobs of a serving process."""

    async def drain() -> None:
        await desk.leases.obtained(QUEUE)
        for shop_id in {one.shop_id for one in desk.inboxes.all()}:
            await desk.routing.drain(shop_id)

    async def tidy() -> None:
        await desk.leases.obtained(FILES)
        await desk.uploads.sweep()

    async def attend() -> None:
        await desk.watch(sockets.heard, release=desk.leases.held(GRACE) is not None)

    async def sweep() -> None:
        sockets.sweep()

    async def alarm() -> None:
        desk.events.publish(*floods.news())

    async def tick() -> None:
        desk.failpoints.hit(TICK)

    jobs = [
        Job("loop-lag", watch.run),
        Job("leases", desk.leases.run),
        *_with_providers(desk),
        Job("prompter", desk.prompter.run),
        Job("queue-sweeper", every(SWEEP_QUEUE_S, drain)),
        Job("grace", every(CHECK_GRACE_S, attend)),
        Job("socket-watchdog", every(SWEEP_SOCKETS_S, sweep)),
        Job("flood-alarm", every(TELL_FLOODS_S, alarm)),
        Job("faq-watcher", every(LOOK_AT_FAQ_S, follow_faq)),
        Job("file-sweeper", every(SWEEP_FILES_S, tidy)),
        Job("session-sweeper", every(SWEEP_SESSIONS_S, desk.entrance.sweep)),
        Job("usage-sweeper", every(SWEEP_USAGE_S, desk.usage.sweep)),
    ]
    if desk.failpoints.has(TICK):
        jobs.append(Job("failpoint-tick", every(TICK_S, tick)))
    return jobs


def every(seconds: float, deed: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
    """A job that does one thing over and over."""

    async def run() -> None:
        while True:
            await deed()
            await asyncio.sleep(seconds)

    return run


def _with_providers(desk: Desk) -> list[Job]:
    """What goes to them, and what is fetched from them."""
    return [
        Job("outbox", Outbox(desk).run),
        Job("puller", Puller(desk).run),
        Job("collector", Collector(desk).run),
        Job("typing", TypingSigns(desk).run),
        Job("profiler", Profiler(desk).run),
    ]


async def _supervise(job: Job, figures: JobFigures) -> None:
    pause = 1.0
    while True:
        begun = time.monotonic()
        figures.started(job.name)
        try:
            await job.run()
            return
        except Exception:
            figures.crashed(job.name)
            if time.monotonic() - begun > STEADY_S:
                pause = 1.0
            said = "job %s crashed; again in %.0f s"
            log.exception(said, job.name, pause, extra={"job": job.name})
        await asyncio.sleep(pause)
        pause = min(LONGEST_PAUSE_S, pause * 2)
