"""What can be measured of a page's accessibility, in the page itself.

Axe-core's rules, those of `barriers.py`, and that nothing runs off the side. What is let through stands in one list,
which the accessibility statements show (`barriers.py`): everything else is a complaint.

The script comes from npm (`node/package.json`) and is given to the page through the debugger's door, so
that the page keeps its strict content security policy while it is looked at. Needs Chromium. In a window without
scripts axe would never come to an end: there `assert_accessible` looks at the widths alone.
"""

from pathlib import Path
from typing import Any

from playwright.async_api import Page

from tests.support.barriers import MARKS, broken_by_hand, is_known

SCRIPT = Path(__file__).parent / "node/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDER_THAN_WINDOW = """() => {
  const width = document.documentElement.clientWidth;
  return document.documentElement.scrollWidth <= width ? [] : [...document.querySelectorAll('body *')]
    .filter(e => e.getBoundingClientRect().right > width + 1).slice(0, 5).map(e => e.outerHTML.slice(0, 120));
}"""
# A word kept whole stands on one line, and is no box of its own beside the words around it.
BROKEN_WORDS = """() => [...document.querySelectorAll('.p-word')].filter(word => {
  const boxed = /flex|grid/.test(getComputedStyle(word.parentElement).display);
  return word.getClientRects().length > 1 || (boxed && word.parentElement.textContent.trim() !== word.textContent);
}).slice(0, 5).map(word => word.parentElement.outerHTML.slice(0, 160))"""
NO_SCRIPTS = "no scripts"
KNOWN = f"matchMedia('(scripting: enabled)').matches ? typeof axe : '{NO_SCRIPTS}'"


async def bring_axe_along(page: Page) -> None:
    """Give the script to every document that the page will load.

    It costs a third of what handing it over anew for each takes, and is for walks that look at most of their pages.
    """
    await page.add_init_script(path=SCRIPT)


async def axe(page: Page) -> list[dict[str, Any]]:
    """Every rule of axe that the page breaks, as axe reports it."""
    door = await page.context.new_cdp_session(page)
    try:
        known = (await door.send("Runtime.evaluate", {"expression": KNOWN}))["result"]["value"]
        assert known != NO_SCRIPTS, "axe is a script, and this window runs no scripts"
        if known == "undefined":
            await door.send("Runtime.evaluate", {"expression": SCRIPT.read_text(encoding="utf-8")})
        call = f"axe.run({{runOnly: {RULES!r}, resultTypes: ['violations']}}).then(found => found.violations)"
        answer = await door.send("Runtime.evaluate", {"expression": call, "awaitPromise": True, "returnByValue": True})
    finally:
        await door.detach()
    assert "exceptionDetails" not in answer, answer["exceptionDetails"]
    found: list[dict[str, Any]] = answer["result"]["value"]
    return found


async def findings(page: Page) -> list[tuple[str, str]]:
    """Every rule that the page breaks, known or not, with what was seen: axe's where scripts run, and our own."""
    marks = {mark for mark in MARKS if await page.locator(mark).count()}
    found = [(rule, "see tests/support/barriers.py") for rule in broken_by_hand(page.url, marks.__contains__)]
    if await _runs_scripts(page):
        found += [
            (rule["id"], f"({rule['impact']}): {rule['help']}; {node['html'][:160]} {node['failureSummary']}")
            for rule in await axe(page)
            for node in rule["nodes"][:3]
        ]
    return found


async def assert_accessible(page: Page) -> None:
    """No rule is broken but where the list of known barriers lets it, and a person need not scroll sideways
    (WCAG 1.4.10 at 320 px); without scripts axe's rules are not looked at."""
    complaints = [f"{rule} {seen}" for rule, seen in await findings(page) if not is_known(rule, page.url)]
    complaints += await _running_off(page)
    assert not complaints, f"{page.url.split('?')[0]}:\n" + "\n".join(complaints)


async def assert_words_fit(page: Page) -> None:
    """In the other language the same page, with words of other lengths: nothing runs off the side."""
    complaints = await _running_off(page)
    assert not complaints, f"{page.url.split('?')[0]}:\n" + "\n".join(complaints)


async def _runs_scripts(page: Page) -> bool:
    return bool(await page.evaluate("matchMedia('(scripting: enabled)').matches"))


async def _running_off(page: Page) -> list[str]:
    wider = [f"wider than the window: {element}" for element in await page.evaluate(WIDER_THAN_WINDOW)]
    return wider + [f"a word in pieces: {element}" for element in await page.evaluate(BROKEN_WORDS)]
