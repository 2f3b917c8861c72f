"""The ceiling: a bare handler that verifies and opens a callback, and keeps nothing of it.

python -m bench.wechat.anchor --port 8741 --token T --key K
"""

import argparse
import asyncio
import re
import sys
from hmac import compare_digest

import uvloop
from aiohttp import web

from sandbox import secure

ENCRYPT = re.compile(r"<Encrypt><!\[CDATA\[(.*?)\]\]></Encrypt>")


def application(token: str, aes_key: str) -> web.Application:
    async def hook(request: web.Request) -> web.Response:
        found = ENCRYPT.search((await request.read()).decode())
        query = request.query
        cipher = found[1] if found else ""
        proof = secure.signature(token, query["timestamp"], query["nonce"], cipher)
        if not compare_digest(proof, query["msg_signature"]):
            raise web.HTTPForbidden
        secure.unseal(aes_key, cipher)
        return web.Response(text="success")

    async def ready(_: web.Request) -> web.Response:
        return web.Response(text="ready")

    app = web.Application()
    app.add_routes([web.get("/readyz", ready), web.post("/hook", hook)])
    return app


async def serve(port: int, token: str, aes_key: str) -> None:
    runner = web.AppRunner(application(token, aes_key), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port, backlog=4096).start()
    await asyncio.Event().wait()


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench.wechat.anchor")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--token", required=True)
    parser.add_argument("--key", required=True)
    options = parser.parse_args(argv)
    uvloop.run(serve(options.port, options.token, options.key))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
