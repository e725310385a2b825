"""`poreka tool`: what the hotline and the branch do for a customer who changes the authorisation tool or lost it.

Whoever calls was identified in the bank's own way before. What is changed, and who is told of it, is
`provider/changing_tools/by_operator.py`. Owners of trusted profiles are served by their user names; cards and apps are
no tools of theirs to be sent or noted.
"""

from pathlib import Path
from typing import Literal

from poreka.cli.opened import with_running
from poreka.kinds import KINDS
from poreka.provider.changing_tools.by_operator import (
    ToolRefused,
    add_app_by_operator,
    block_tool_by_operator,
    choose_tool_by_operator,
    send_card_by_operator,
)
from poreka.provider.system import Bank
from poreka.rules.authorising.tools import Held, Tool
from poreka.rules.warsaw_time import warsaw_moment
from poreka.running.failed import Failed

Name = Literal["sms", "card", "push"]
HELPED = tuple(kind.name for kind in KINDS if kind.customers_tools)


def choose_tool(file: Path, number: str, tool: Name, /) -> None:
    """Let a customer authorise with another tool from now on.

    Parameters
    ----------
    file
        The bank's settings file.
    number
        The customer's number or login; the id, where the customers are in another system.
    tool
        What to authorise with.
    """

    async def choose(bank: Bank) -> None:
        done = await choose_tool_by_operator(bank, number, Tool(tool))
        if done is ToolRefused.OWNER_CONNECTS:
            raise Failed(f"{number} has no phone; its owner connects one in the profile")
        if done is ToolRefused.MISSING:
            have, command = ("card with codes left", "card") if tool == "card" else ("app", "app")
            raise Failed(f"{number} has no {have}; run: poreka tool {command} {file} {number}")
        if isinstance(done, ToolRefused):
            raise _failed(done, file, tool)
        _tell_wait(bank, done.back)
        print(f"{number}  authorises with  {tool}")

    with_running(file, Bank, choose, *HELPED)


def send_card(file: Path, number: str, /) -> None:
    """Send a customer a new code card: its letter goes into the outbox, and from there to the printer.

    Parameters
    ----------
    file
        The bank's settings file.
    number
        The customer's number or login; the id, where the customers are in another system.
    """

    async def send(bank: Bank) -> None:
        sent = await send_card_by_operator(bank, number)
        if isinstance(sent, ToolRefused):
            raise _failed(sent, file, "card")
        _tell_wait(bank, sent.first)
        print(f"{number}  card {sent.serial}  is on its way to the printer")

    with_running(file, Bank, send, *HELPED)


def add_app(file: Path, number: str, /) -> None:
    """Note that a customer has the bank's app and may authorise with it.

    Parameters
    ----------
    file
        The bank's settings file.
    number
        The customer's number or login; the id, where the customers are in another system.
    """

    async def add(bank: Bank) -> None:
        held = await add_app_by_operator(bank, number)
        if held is ToolRefused.OWNER_CONNECTS:
            raise Failed("an owner connects a phone in the profile, and the phone itself says so; nothing to add here")
        if isinstance(held, ToolRefused):
            raise _failed(held, file, "push")
        _tell_wait(bank, held)
        print(f"{number}  has the app")

    with_running(file, Bank, add, *HELPED)


def block_tool(file: Path, number: str, tool: Name = "card", /) -> None:
    """Block a tool of a customer: lost, or in somebody else's hands. What waits for it ends with it.

    Parameters
    ----------
    file
        The bank's settings file.
    number
        The customer's number or login; the id, where the customers are in another system.
    tool
        What to block.
    """

    async def block(bank: Bank) -> None:
        cards = await block_tool_by_operator(bank, number, Tool(tool))
        if isinstance(cards, ToolRefused):
            raise _failed(cards, file, tool)
        print(f"{number}  {f'cards blocked: {cards}' if tool == 'card' else f'blocked: {tool}'}")

    with_running(file, Bank, block, *HELPED)


def _failed(why: ToolRefused, file: Path, tool: Name) -> Failed:
    if why is ToolRefused.NOT_OFFERED:
        return Failed(f"bank.tools of {file} does not offer {tool}")
    return Failed("there is no customer with this number")


def _tell_wait(bank: Bank, held: Held | None) -> None:
    if held is not None and held.usable_from > bank.clock():
        print(f"{held.tool.value}  opens nothing before  {warsaw_moment(held.usable_from):%Y-%m-%d %H:%M}")
