"""Looks at the gallery in Chromium: pictures at 320 and 1280 px in light and dark, axe, sideways scroll.

    .venv/bin/python theme/look.py [FOLDER]     pictures go to FOLDER (screenshots/layout)

Ends non-zero when axe complains. Needs `npm ci` in theme/ (for axe-core) and Debian's chromium.
"""

import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Literal

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.support.browser import CHROMIUM_FLAGS  # noqa: E402
from tests.support.gallery import PAGES, write_gallery  # noqa: E402

AXE = ROOT / "theme/node_modules/axe-core/axe.min.js"
WIDTHS = (320, 1280)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


def complaints(page: Page) -> list[str]:
    """What axe finds, and whether the page scrolls sideways."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    result = page.evaluate("tags => axe.run(document, {runOnly: tags})", tags)
    found = [
        f"{v['id']}: {n['html'][:140]} {n['any'][0]['message'] if n['any'] else ''}"
        for v in result["violations"]
        for n in v["nodes"]
    ]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append("scrolls sideways")
    return found


def main() -> int:
    """Take the pictures; returns the number of complaints."""
    pictures = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "screenshots/layout"
    pictures.mkdir(parents=True, exist_ok=True)
    total = 0
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        write_gallery(Path(folder))
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=folder))
        Thread(target=server.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS)
        for scheme in SCHEMES:
            for width in WIDTHS:
                page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True)
                page.on(
                    "console",
                    lambda message: print("console:", message.text) if message.type == "error" else None,
                )
                for name in PAGES:
                    page.goto(f"http://127.0.0.1:{server.server_port}/{name}.pl.html", wait_until="networkidle")
                    page.screenshot(path=pictures / f"{name}-{width}-{scheme}.png", full_page=True)
                    found = complaints(page)
                    total += len(found)
                    for one in found:
                        print(f"{name} {width} {scheme}: {one}")
                page.close()
        browser.close()
        server.shutdown()
    print(f"{len(PAGES) * len(WIDTHS) * len(SCHEMES)} looks, {total} complaints")
    return min(total, 1)


if __name__ == "__main__":
    sys.exit(main())
