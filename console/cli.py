"""The command line. Exit codes: 0 done, 1 refused or found wrong (reason on standard error), 2
wrong usage."""

import argparse
import asyncio
import base64
import json
import locale
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from console import control, folder, process
from console.model.refusal import Refused
from console.settings import Settings, from_environment

BUSY_S = 30.0
BENCHES = "bench"
MOST_BYTES = 32 * 1024 * 1024
LOOPBACK = "127.0.0.1"
EVERYWHERE = ("0.0.0.0", "::")
WRITTEN_ANEW = (".csv", ".xlsx")


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    arguments = sys.argv[1:] if argv is None else argv
    if not arguments or (arguments[0].startswith("--") and arguments[0] != "--help"):
        arguments = ["serve", *arguments]
    if arguments[0] == BENCHES:
        return _bench(arguments[1:])
    args = _parser().parse_args(arguments)
    try:
        return int(args.run(args))
    except Refused as no:
        sys.stderr.write(f"{no.message}\n")
        return 1
    except KeyboardInterrupt:
        return 130


def _bench(arguments: list[str]) -> int:
    try:
        # Deferred: benches import load generators that no other command needs.
        from bench import main as bench
    except ModuleNotFoundError as missing:
        if missing.name != BENCHES:
            raise
        sys.stderr.write("the benches come with a clone, not with an installed package\n")
        return 1
    return bench(arguments)


def _serve(args: argparse.Namespace) -> int:
    settings = _settings(args)
    # Deferred: half of the start-up time of every other command.
    import uvloop

    from console import logs
    from console.app import serve

    process.tune()
    logs.begin(settings.log_level, settings.log_format)
    return uvloop.run(serve(settings, demo=args.demo))


def _migrate(args: argparse.Namespace) -> int:
    # Deferred: drivers of databases, which most commands leave to the running server.
    from console.store.migrate import HEAD, ensure

    settings = _settings(args)
    folder.prepare(settings.folder)
    done = asyncio.run(ensure(settings.folder, settings.postgres))
    sys.stdout.write(f"schema {HEAD}{'' if done else ' already'}\n")
    return 0


def _doctor(args: argparse.Namespace) -> int:
    # Deferred: it looks at everything, and so imports everything.
    from console.doctor import examine

    return examine(_settings(args))


def _backup(args: argparse.Namespace) -> int:
    # Deferred: the database and its driver.
    from console.backup import save

    done = asyncio.run(
        save(_settings(args), Path(args.file), force=args.force, at=datetime.now(UTC))
    )
    tables = len(done.tables)
    sys.stdout.write(f"{args.file}  {tables} tables, {done.rows} rows, schema {done.schema}\n")
    return 0


def _restore(args: argparse.Namespace) -> int:
    # Deferred: the database and its driver.
    from console.backup import restore

    settings = _settings(args)
    done = asyncio.run(restore(settings, Path(args.file), force=args.force, at=datetime.now(UTC)))
    lines = [f"{done.rows} rows, {done.conversations} conversations, from schema {done.schema}"]
    if done.aside is not None:
        rows = f" (tables: schema {done.aside.name})" if settings.postgres else ""
        lines.append(f"原来的数据留在 what was there is kept in {done.aside}{rows}")
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


def _kb_check(args: argparse.Namespace) -> int:
    # Deferred: the dictionaries of Chinese take longer to read than most commands to run.
    from knowledge import formats

    sheet = formats.read(_bytes(Path(args.file)), file=args.file)
    found = sheet.findings
    for one in found:
        mark = {"error": "错误 error", "warning": "提醒 warning"}[one.severity]
        field = f" [{one.field}]" if one.field else ""
        sys.stderr.write(f"{one.file}:{one.line}: {mark}{field} {one.message(_lang())}\n")
    errors = sum(one.severity == "error" for one in found)
    sys.stdout.write(
        f"{len(sheet.rows)} entries, {errors} errors, {len(found) - errors} warnings\n"
    )
    return 1 if errors else 0


def _kb_eval(args: argparse.Namespace) -> int:
    process.tune()
    # Deferred: the matcher and its numpy, for this command only.
    from console.encoder import open_encoder
    from console.trial import evaluate_files

    encoder = open_encoder(_settings(args).encoder)
    progress = _progress if sys.stderr.isatty() else None
    figures = evaluate_files(Path(args.kb), Path(args.queries), encoder, progress)
    if args.json:
        sys.stdout.write(f"{json.dumps(figures)}\n")
    else:
        sys.stdout.write("".join(f"{name:8} {value}\n" for name, value in figures.items()))
    return 0


def _sandbox(args: argparse.Namespace) -> int:
    # Deferred: the stand-in and what makes its inboxes, for this command only.
    from console import stand_in
    from console.shipped import DIST
    from sandbox import serve

    settings = _settings(args)
    folder.prepare(settings.folder)
    host, port = args.own_host or LOOPBACK, stand_in.port_of(settings.folder, args.own_port)
    here = f"http://{LOOPBACK if host in EVERYWHERE else host}:{port}"
    home = LOOPBACK if settings.host in EVERYWHERE else settings.host
    console = args.console or f"http://{home}:{settings.port}"

    def do(request: dict[str, Any]) -> dict[str, Any]:
        reply = _do(settings, request)
        if reply["err"] and not reply["code"]:  # a first start says the owner's password, once
            sys.stderr.write(f"{reply['err']}\n")
        return reply

    accounts = stand_in.prepare(
        settings.folder, do,
        api=here, console=console, lang=_lang(),
    )  # fmt: skip

    def ready() -> None:
        sys.stdout.write(f"微信沙盒 WeChat sandbox  {here}\n  店小二  {console}/desk\n")
        sys.stdout.flush()

    try:
        asyncio.run(serve(accounts, host=host, port=port, dist=DIST, ready=ready))
    except OSError as failure:
        raise Refused("unavailable", f"{host}:{port}: {failure.strerror}") from failure
    return 0


def _progress(count: int, total: int) -> None:
    sys.stderr.write(f"\r{count:,} / {total:,}" + ("\n" if count == total else ""))


def _send(args: argparse.Namespace) -> int:
    """A command that needs the database: through the running server, or alone."""
    values = {
        key: value
        for key, value in vars(args).items()
        if key not in ("run", "data", "name_of_command", "out", "path", "password_stdin")
    }
    values["lang"] = _lang()
    if getattr(args, "password_stdin", False):
        values["password"] = sys.stdin.readline().rstrip("\n")
    if getattr(args, "path", None) is not None:
        data = _bytes(Path(args.path))
        if len(data) > MOST_BYTES:  # the control socket would cut it off
            raise Refused("too_large", f"{args.path}: {len(data)} bytes, more than {MOST_BYTES}")
        values["file"] = base64.b64encode(data).decode()
        values["label"] = args.path
    out = getattr(args, "out", None)
    if out is not None:
        there = Path(out)
        edited = there.exists() and there.suffix.lower() not in WRITTEN_ANEW
        values["target"] = there.name
        values["there"] = base64.b64encode(_bytes(there)).decode() if edited else None
    reply = _do(_settings(args), {"name": args.name_of_command, "args": values})
    if reply.get("file") is not None:
        _replace(Path(str(out)), base64.b64decode(reply["file"]))
    if reply["out"]:
        sys.stdout.write(f"{reply['out']}\n")
    if reply["err"]:
        sys.stderr.write(f"{reply['err']}\n")
    return int(reply["code"])


def _do(settings: Settings, request: dict[str, Any]) -> dict[str, Any]:
    folder.prepare(settings.folder)
    until = time.monotonic() + BUSY_S
    while True:
        answered = control.ask(settings.folder, request)
        if answered is not None:
            return answered
        with folder.held(settings.folder) as mine:
            if mine:
                return asyncio.run(_alone(settings, request))
        if time.monotonic() > until:
            raise Refused("unavailable", f"another program holds {settings.folder}")
        time.sleep(0.05)  # a server that starts or stops, or another command, holds the folder


async def _alone(settings: Settings, request: dict[str, Any]) -> dict[str, Any]:
    # Deferred: not needed beside a running server, which does the work.
    from console.commands import run_request
    from console.installation import open_installation

    installation = await open_installation(settings)
    try:
        reply = await run_request(installation, request)
    finally:
        await installation.close()
    if installation.owner_password is not None:
        note = f"店主账号 owner account  owner / {installation.owner_password}"
        reply["err"] = "\n".join(filter(None, (note, reply["err"])))
    return reply


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="run.py", description="店小二 Dianxiaoer")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    serve = _command(commands, "serve", "serve the shop", _serve)
    serve.add_argument("--host")
    serve.add_argument("--port", type=int)
    serve.add_argument("--demo", action="store_true", help="a shop page, two agents, sample talks")
    _command(commands, "doctor", "check versions, ports and the data folder", _doctor)
    _command(commands, "migrate", "bring the database to this version", _migrate)

    keep = _command(commands, "backup", "write everything into one file", _backup)
    keep.add_argument("file", metavar="FILE")
    keep.add_argument("--force", action="store_true", help="write over a file that is there")
    give_back = _command(commands, "restore", "put a backup in place; stop the server", _restore)
    give_back.add_argument("file", metavar="FILE")
    give_back.add_argument(
        "--force", action="store_true", help="although there are conversations; they are kept aside"
    )

    agent = commands.add_parser("agent", help="people at the desk").add_subparsers(required=True)
    add = _command(agent, "add", "add a person", _send, name="agent add")
    add.add_argument("name")
    add.add_argument("--role", choices=("agent", "supervisor", "owner"), default="agent")
    add.add_argument("--capacity", type=int, default=10)
    add.add_argument("--group", action="append", default=[])
    add.add_argument("--password-stdin", action="store_true", required=True)
    _command(agent, "list", "list them", _send, name="agent list", as_json=True)

    inbox = commands.add_parser("inbox", help="channel accounts").add_subparsers(required=True)
    add = _command(inbox, "add", "add one", _send, name="inbox add", as_json=True)
    add.add_argument("kind")
    add.add_argument("name")
    add.add_argument("--set", action=_Pairs, nargs="+", default={}, metavar="KEY=VALUE")
    _command(inbox, "list", "list them", _send, name="inbox list", as_json=True)

    play = commands.add_parser("sandbox", help="stand-ins for providers").add_subparsers(
        required=True
    )
    wechat = _command(play, "wechat", "WeChat's servers and a phone, to try it out", _sandbox)
    # names of their own: `host` and `port` are the console's
    wechat.add_argument("--host", dest="own_host", metavar="HOST", help="not this machine alone")
    wechat.add_argument("--port", dest="own_port", type=int, metavar="PORT", help="its port (8060)")
    wechat.add_argument("--console", metavar="URL", help="where the console is served")

    _kb(commands.add_parser("kb", help="the knowledge base").add_subparsers(required=True))
    return parser


def _kb(kb: Any) -> None:
    check = _command(kb, "check", "read a file and name what is wrong", _kb_check)
    check.add_argument("file")
    take = _command(kb, "import", "merge a file in", _send, name="kb import", as_json=True)
    take.add_argument("path", metavar="FILE")
    take.add_argument("--dry-run", action="store_true")
    give = _command(kb, "export", "write the entries out", _send, name="kb export")
    give.add_argument("out", metavar="FILE")
    give.add_argument("--format", choices=("faq", "qianniu", "xlsx", "lhc"), help="not by its name")
    give.add_argument("--encoding", choices=("gbk", "utf8"), help="of a qianniu file")
    trial = _command(kb, "eval", "measure the matcher on questions with answers", _kb_eval)
    trial.add_argument("--kb", required=True)
    trial.add_argument("--queries", required=True)
    trial.add_argument("--json", action="store_true")


def _command(
    commands: Any,
    word: str,
    about: str,
    run: Any,
    *,
    name: str | None = None,
    as_json: bool = False,
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(word, help=about)
    parser.add_argument("--data", help="the data folder (./data)")
    if as_json:
        parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run, name_of_command=name)
    return parser


class _Pairs(argparse.Action):
    """`--set a=1 b=2 --set c=3`"""

    def __call__(self, parser: Any, namespace: Any, values: Any, option: Any = None) -> None:
        pairs = dict(getattr(namespace, self.dest) or {})
        for value in values:
            key, equals, text = value.partition("=")
            if not equals:
                parser.error(f"--set takes KEY=VALUE, not {value!r}")
            pairs[key] = text
        setattr(namespace, self.dest, pairs)


def _settings(args: argparse.Namespace) -> Settings:
    given = {key: getattr(args, key, None) for key in ("data", "host", "port")}
    return from_environment(os.environ, **given)


def _lang() -> str:
    name = os.environ.get("LC_ALL") or os.environ.get("LANG") or (locale.getlocale()[0] or "")
    return "zh" if name.lower().startswith("zh") else "en"


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as failure:
        raise Refused("not_found", f"{path}: {failure.strerror}") from failure


def _replace(path: Path, data: bytes) -> None:
    """Write beside, then rename: the file is never half written."""
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_bytes(data)
        beside.replace(path)
    except OSError as failure:
        raise Refused("unavailable", f"{path}: {failure.strerror}") from failure


if __name__ == "__main__":
    sys.exit(main())
