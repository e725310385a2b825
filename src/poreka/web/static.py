"""Static files: style sheet, fonts, script, icon; addressed by fingerprint and cacheable for ever.

Read from the package once. An address with another fingerprint than the file's is not found, so
that a cache never keeps the wrong content under a right name.
"""

import mimetypes
from functools import lru_cache
from importlib import resources

from starlette.responses import Response

from poreka.web.pages import STATIC_PATH, static_path


def static_file(path: str) -> Response | None:
    """The file at `path` (`/static/<fingerprint>/<name>`), or None."""
    _, _, name = path.removeprefix(STATIC_PATH).partition("/")
    found = _file(name) if name in _names() else None
    if found is None or static_path(name) != path:
        return None
    content, media_type = found
    # The font is asked for by the style sheet with CORS semantics; everything else is same-origin.
    return Response(content, media_type=media_type, headers={"cache-control": "public, max-age=31536000, immutable"})


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    """Every file there is: a name somebody sent is looked up among these and never given to the file system."""
    found: set[str] = set()
    waiting = [("", resources.files("poreka.web.layout.static"))]
    while waiting:
        prefix, folder = waiting.pop()
        for entry in folder.iterdir():
            if entry.is_dir():
                waiting.append((f"{prefix}{entry.name}/", entry))
            else:
                found.add(prefix + entry.name)
    return frozenset(found)


@lru_cache(maxsize=128)
def _file(name: str) -> tuple[bytes, str] | None:
    file = resources.files("poreka.web.layout.static").joinpath(name)
    if not file.is_file():
        return None
    kind, _ = mimetypes.guess_type(name)
    return file.read_bytes(), kind or ("font/woff2" if name.endswith(".woff2") else "application/octet-stream")
