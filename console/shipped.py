"""Where the files lie that come with the program: beside it in a clone, inside it in a wheel."""

from pathlib import Path

_HERE = Path(__file__).resolve().parent
_ROOT = _HERE / "bundle" if (_HERE / "bundle").is_dir() else _HERE.parent

TEMPLATES = _HERE / "templates"
DIST = _ROOT / "static" / "dist"
FAQ = _ROOT / "faq.yaml"
