"""The page's frame and its built program."""

import json
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

from aiohttp import web

PROGRAM, STYLES, MANIFEST = "sandbox.js", "sandbox.css", "manifest.json"
TITLES = {"zh-CN": "微信沙盒", "en": "WeChat sandbox"}
NO_SCRIPT = {
    "zh-CN": "请开启 JavaScript 后使用本页面。",
    "en": "Please turn on JavaScript to use this page.",
}
FRAME = Template("""<!doctype html>
<html lang="$lang">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
  <meta name="color-scheme" content="light">
  <title>$title</title>
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="$styles">
</head>
<body>
  <noscript><p>$no_script</p></noscript>
  <div id="root"></div>
  <script type="application/json" id="boot">$boot</script>
  <script type="module" src="$program"></script>
</body>
</html>
""")


@dataclass(frozen=True, slots=True)
class Site:
    """The folder of built files; None where only the API is wanted."""

    dist: Path | None


SITE = web.AppKey("site", Site)


def rendered(site: Site, lang: str, boot: dict[str, Any]) -> str:
    """The page. Raises HTTPServiceUnavailable where its program has not been built."""
    manifest = {} if site.dist is None else _manifest(site.dist)
    if PROGRAM not in manifest:
        raise web.HTTPServiceUnavailable(text="the page is not built: node static/build.mjs")
    return FRAME.substitute(
        lang=lang,
        title=TITLES[lang],
        no_script=NO_SCRIPT[lang],
        styles=manifest[STYLES],
        program=manifest[PROGRAM],
        boot=json.dumps(boot, ensure_ascii=False).replace("<", "\\u003c"),
    )


def language(request: web.Request) -> str:
    """`?lang=`, else what the browser prefers, else Chinese."""
    if (wanted := request.query.get("lang")) in TITLES:
        return str(wanted)
    for part in request.headers.get("Accept-Language", "").split(","):
        tag = part.split(";")[0].strip().lower()
        if tag.startswith(("zh", "en")):
            return "en" if tag.startswith("en") else "zh-CN"
    return "zh-CN"


def _manifest(dist: Path) -> dict[str, str]:
    path = dist / MANIFEST
    return dict(json.loads(path.read_text("utf-8"))) if path.is_file() else {}
