"""The files that pages load: styles and scripts, held compressed, each by its own hash."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

FOLDER = Path(__file__).parent / "assets"
PREFIX = "/assets"
STYLES = ("designsystemet-theme.css", "designsystemet.css", "pages.css")
SCRIPTS = ("htmx.min.js", "pages.js")
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
_SHOWN = 12


@dataclass(frozen=True)
class Asset:
    """One file: as it is, compressed, and the hash that stands in its address."""

    name: str
    plain: bytes
    compressed: bytes
    version: str

    @property
    def url(self) -> str:
        """Its address, another one whenever the file is another one."""
        return f"{PREFIX}/{self.name}?v={self.version}"

    def answer(self, request: Request) -> Response:
        """The file, compressed for who can read that; it may be kept for good."""
        headers = {
            "Cache-Control": "public, max-age=31536000, immutable",
            "Vary": "Accept-Encoding",
        }
        body = self.plain
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
            body = self.compressed
        return Response(body, 200, headers, _TYPES[Path(self.name).suffix])


def read_assets() -> dict[str, Asset]:
    """Every file that pages load, by name."""
    return {name: _read(name) for name in (*STYLES, *SCRIPTS)}


def _read(name: str) -> Asset:
    plain = (FOLDER / name).read_bytes()
    version = hashlib.sha256(plain).hexdigest()[:_SHOWN]
    return Asset(name, plain, gzip.compress(plain, mtime=0), version)
