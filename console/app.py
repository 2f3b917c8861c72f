"""The composition root: everything is built here, started in order, and stopped in reverse."""

import logging
import sys
import time
from contextlib import AsyncExitStack
from functools import partial

from aiohttp import web

from console import control, failpoints, folder, jobs, outbox, process
from console.commands import run_request
from console.demo.seed import open_demo
from console.ending import Ending
from console.installation import Installation, open_installation
from console.lag import LagWatch
from console.model.refusal import Refused
from console.settings import Settings
from console.shipped import DIST, TEMPLATES
from console.tasks import spawn
from console.web import (
    api,
    drafts_api,
    entries_api,
    files_api,
    gates_api,
    health,
    hooks,
    imports_api,
    inboxes_api,
    learning_api,
    metrics,
    openapi,
    outbox_api,
    pages,
    unmatched_api,
    upkeep_api,
)
from console.web.address import TRUSTED, networks
from console.web.desk_live import DeskLive
from console.web.door import DOOR, Door
from console.web.floods import FLOODS, Floods
from console.web.limits import LIMITS, Limits
from console.web.pages import SITE, Demo, open_site
from console.web.replays import REPLAYS, Replays
from console.web.routes import DESK, errors, headers, session_of
from console.web.sockets import Sockets
from console.web.tally import Tally
from console.web.turnstile import Turnstile
from console.web.vitals import VITALS, Vitals
from console.web.widget_live import WidgetLive

log = logging.getLogger(__name__)

MAX_BODY = 1024 * 1024
OWN_HOSTS = ("127.0.0.1", "localhost", "::1")
# The rows of a file that are ticked stand in the address, ten thousand of them one by one.
MAX_LINE = 64 * 1024
ROUTED = (
    pages, api, openapi, files_api, entries_api, drafts_api, imports_api, outbox_api, learning_api,
    unmatched_api, gates_api, upkeep_api, inboxes_api, hooks, health, metrics,
)  # fmt: skip


async def serve(settings: Settings, *, demo: bool) -> int:
    """Serve until SIGTERM or SIGINT. Raises Refused when the start is not possible."""
    begun = time.monotonic()
    points, ending = _failpoints(settings, demo=demo), Ending()
    folder.prepare(settings.folder)
    with folder.held(settings.folder) as mine:
        if not mine:
            raise Refused("conflict", f"a server is running on {settings.folder} already")
        async with AsyncExitStack() as stack:
            installation = await open_installation(settings, points)
            stack.push_async_callback(installation.close)
            await installation.seed()
            shown = await _demo(stack, installation) if demo else None
            address = await _start(stack, installation, shown, ending)
            log.info("ready after %.2f s", time.monotonic() - begun)
            _greet(address, installation, shown)
            ending.listen()
            points.arm()
            await ending.told.wait()
            log.info("stopping")
    ending.closed()
    log.info("stopped")
    return 0


def application(installation: Installation, demo: Demo | None) -> tuple[web.Application, Sockets]:
    """The whole web side over an installation."""
    limits = _limits(installation.settings)
    door = Door(limits)
    app = web.Application(middlewares=[errors, door.middleware], client_max_size=MAX_BODY)
    app[DOOR], app[FLOODS], app[DESK] = door, Floods(), installation.desk
    app[LIMITS] = limits
    app[REPLAYS] = Replays()
    app[inboxes_api.LINES] = lambda: outbox.session(1)
    app[TRUSTED] = networks(installation.settings.trusted_proxies)
    name = installation.desk.library.shop_name(installation.shop_id)
    try:
        app[SITE] = open_site(
            TEMPLATES, DIST, shop_name=name, demo=demo,
            public_url=installation.settings.public_url,
        )  # fmt: skip
    except FileNotFoundError as missing:
        raise Refused(
            "unavailable", "the browser programs are not built: python3 run.py builds them"
        ) from missing
    app.on_response_prepare.append(headers)
    for module in ROUTED:
        module.routes.mount(app)
    app[openapi.PUBLISHED] = openapi.publish(one for each in ROUTED for one in each.routes.all)
    sockets = Sockets(app)
    door.outside = sockets.outside
    WidgetLive(installation.desk, sockets, limits, app[FLOODS])
    DeskLive(installation.desk, sockets, limits, session_of=session_of)
    app[VITALS] = _vitals(installation, sockets)
    return app, sockets


def _vitals(installation: Installation, sockets: Sockets) -> Vitals:
    desk, token = installation.desk, installation.settings.metrics_token
    return Vitals(desk, sockets.figures, Tally(desk), token, installation.wal)


def _connections(server: web.Server) -> int:
    return len(server.connections)


def _limits(settings: Settings) -> Limits:
    if settings.rate_limits == "off":
        log.warning("CONSOLE_RATE_LIMITS=off: one visitor can flood the agents")
    return Limits(on=settings.rate_limits == "on")


async def _demo(stack: AsyncExitStack, installation: Installation) -> Demo:
    settings = installation.settings
    phone = ""
    # the phone is for this machine alone, and a fault run is not about WeChat
    if settings.host in OWN_HOSTS and settings.port and not settings.failpoints:
        # Deferred: the stand-in is for a demo only.
        from console.demo.phone import LOOPBACK, open_phone

        run = partial(run_request, installation)
        console = f"http://{LOOPBACK}:{settings.port}"
        phone = await open_phone(stack, settings.folder, run, console=console, dist=DIST)
    return await open_demo(installation, phone)


def _failpoints(settings: Settings, *, demo: bool) -> failpoints.Failpoints:
    if settings.failpoints and not demo:
        raise Refused("invalid", "CONSOLE_FAILPOINTS breaks this server; it needs --demo")
    try:
        return failpoints.parse(settings.failpoints)
    except ValueError as wrong:
        raise Refused("invalid", f"CONSOLE_FAILPOINTS: {wrong}") from wrong


async def _start(
    stack: AsyncExitStack, installation: Installation, demo: Demo | None, ending: Ending
) -> str:
    settings = installation.settings
    app, sockets = application(installation, demo)
    runner = web.AppRunner(
        app, access_log=None, keepalive_timeout=20, shutdown_timeout=2, max_line_size=MAX_LINE
    )
    await runner.setup()
    assert runner.server is not None
    app[DOOR].count = partial(_connections, runner.server)
    stack.push_async_callback(runner.cleanup)
    turnstile = Turnstile(runner.server)
    try:
        await turnstile.open(settings.host, settings.port)
    except OSError as taken:
        raise Refused(
            "conflict",
            f"port {settings.port} on {settings.host} cannot be used: {taken.strerror}; "
            "choose another with --port",
        ) from taken
    stack.callback(turnstile.close)  # where the rest of the start fails
    stack.push_async_callback(sockets.close)
    background, watch = jobs.Jobs(), LagWatch()
    app[VITALS].lag, app[VITALS].jobs = watch.figures, background.figures
    stack.push_async_callback(background.stop)
    for job in jobs.standing(
        installation.desk, sockets, app[FLOODS], watch, follow_faq=installation.follow
    ):
        background.start(job)
    await installation.desk.expect_agents(installation.shop_id)
    warming = spawn("warm", _warm(installation))
    stack.callback(warming.cancel)
    await _listen(stack, installation)
    stack.push_async_callback(ending.finish, app[VITALS], sockets)
    stack.callback(turnstile.close)  # first of all when it ends
    app[VITALS].phase = "serving"
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host
    return f"http://{host}:{turnstile.port}"


async def _warm(installation: Installation) -> None:
    await installation.desk.warm()
    process.settle()


async def _listen(stack: AsyncExitStack, installation: Installation) -> None:
    async def run(request: dict[str, object]) -> dict[str, object]:
        return await run_request(installation, request)

    server = await control.listen(installation.settings.folder, run)
    stack.callback((installation.settings.folder / control.NAME).unlink, missing_ok=True)
    stack.callback(server.close)


def _greet(address: str, installation: Installation, demo: Demo | None) -> None:
    lines = [f"店小二  {address}/desk"]
    if demo is not None:
        lines.append(f"演示店铺 demo shop  {address}/demo")
        lines += [f"  登录 login  {one['name']} / {one['password']}" for one in demo.accounts]
        lines += [f"  微信沙盒 WeChat sandbox  {demo.phone}"] if demo.phone else []
    if installation.owner_password is not None:
        lines.append(f"店主账号 owner account  owner / {installation.owner_password}")
        lines.append("  这个密码只显示这一次 shown this once only")
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
