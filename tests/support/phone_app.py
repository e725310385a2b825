"""The back end of a bank's own app, played by a test: it takes what the bank sends, and answers by the contract.

The bank in this process sends requests to `BankInProcess.app`; the answers go to its routes, with its secret.
"""

import httpx2
import msgspec

from poreka.contracts.app_request import PushMessage
from poreka.rules.authorising.push_request import matching_number
from poreka.rules.authorising.tools import Held, Tool
from tests.support.asgi import AsgiBrowser, AsgiPage
from tests.support.in_process import BankInProcess

TOOLS = ("sms", "card", "push")


async def give_app(bank: BankInProcess, person: str = "jan", *, current: bool = True) -> None:
    """The person has the app from now on, and authorises with it."""
    await bank.bank.tools.hold(bank.bank.database, person, Held(tool=Tool.PUSH))
    if current:
        await bank.bank.tools.choose(bank.bank.database, person, Tool.PUSH)


async def at_push(bank: BankInProcess, browser: AsgiBrowser | None = None, client: str = "sandbox-fapi") -> AsgiPage:
    """The page that waits for the app, after the consent."""
    relying = bank.fapi(client) if client == "sandbox-fapi" else bank.fapi(client, "https://other.example/callback")
    page = await relying.send(browser or await bank.signed_in())
    page = await page.submit("/consent", consent="yes")
    return await page.browser.open(page.path)


async def told(bank: BankInProcess) -> PushMessage:
    """The newest request that the app was told of."""
    await bank.worker.send_due()
    return msgspec.json.decode(bank.app.messages[-1].body, type=PushMessage)


async def answer(
    bank: BankInProcess, asked: PushMessage, *, number: str | None = None, customer: str = "", secret: str | None = None
) -> httpx2.Response:
    """Approve with a number, or refuse."""
    said = {"customer": customer or asked.customer, "answer": "approve" if number else "refuse"}
    body = msgspec.json.encode(said | ({"number": number} if number else {}))
    key = bank.bank.app_secret if secret is None else secret
    headers = [("content-type", "application/json"), ("authorization", f"Bearer {key}")]
    return await bank.site.call("POST", f"/app/requests/{asked.id}/answer", body=body, headers=headers)


async def approve(bank: BankInProcess, asked: PushMessage) -> httpx2.Response:
    """Approve with the number that only the page shows."""
    return await answer(bank, asked, number=number_of(bank, asked))


def number_of(bank: BankInProcess, asked: PushMessage) -> str:
    """The right number."""
    return matching_number(bank.bank.keys.codes, asked.id)


def wrong_number(bank: BankInProcess, asked: PushMessage) -> str:
    """Another number than the right one."""
    return str(10 + (int(number_of(bank, asked)) - 9) % 90)


async def begin_again(page: AsgiPage, tool: str, action: str = "") -> AsgiPage:
    """Press the button for another operation with this tool; the page must have one."""
    page = await page.browser.open(page.path)
    offered = [node.attributes.get("value") for node in page.html.css("button[name=tool]")]
    assert tool in offered, f"{page.heading}: only {offered}"
    await page.browser.post(action or f"{page.path}/operation", tool=tool)
    return await page.browser.open(page.path)
