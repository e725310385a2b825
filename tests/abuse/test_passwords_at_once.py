"""No guess is free: however many passwords are sent at the same moment, none is looked at without being counted."""

import asyncio

import pytest

from poreka.rules.limits.attempts import SLOWED_FROM
from tests.abuse.test_enumeration import answers, asked_for_password
from tests.support.hashes import noted
from tests.support.in_process import ANNA, BankInProcess

MANY = 8


@pytest.mark.parametrize("number", [ANNA.number, "29999990"])
async def test_every_password_that_is_looked_at_was_counted_before(bank_on_each: BankInProcess, number: str) -> None:
    pages = [await asked_for_password(bank_on_each, number) for _ in range(MANY)]
    with noted() as computed:
        sent = (page.browser.post(f"{page.path}/password", **answers(page, "zły")) for page in pages)
        replies = await asyncio.gather(*sent)
    rows = await bank_on_each.bank.database.all("SELECT failures FROM password_attempts")
    assert [row["failures"] for row in rows] == [len(computed.hashes)]
    assert 1 <= len(computed.hashes) <= SLOWED_FROM
    assert {reply.status_code for reply in replies} <= {422, 429}
    assert (await bank_on_each.events()).count("SignInFailed") == MANY
