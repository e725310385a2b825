"""POST /sign-in/{journey}/passkey: the customer's passkey, in place of number, password and characters (docs/adr/0040).

The key tells by itself whose it is. A key that nobody has, one that ended, another person's, a wrong signature and a
customer who is gone are answered alike, and only so often. It opens a session; a consent, a signature and a change of
tool need the answer of a tool as ever.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.codes.counted_tries import sign_in_subject
from poreka.for_everyone.passkeys.own import FIELDS, kept_by, note_refused, use_up, used_key
from poreka.provider.sign_in.entering import Proof, enter
from poreka.provider.sign_in.pages import show_standing
from poreka.provider.sign_in.standing import SignInStanding, load, passkey_purpose
from poreka.provider.system import Bank
from poreka.rules.levels import Factor
from poreka.store.database import AlreadyThere, Stale, Transaction
from poreka.web.browser.language import texts_of
from poreka.web.browser.own_form import read_form
from poreka.web.door.known_browser import remember_browser
from poreka.web.passkeys import PasskeyRefused


async def enter_by_passkey(request: Request, bank: Bank) -> Response:
    """POST /sign-in/{journey}/passkey."""
    kept_by(bank)
    fields = await read_form(request, bank, *FIELDS)
    standing = await load(request, bank)
    try:
        used = await used_key(request, bank, passkey_purpose(standing), fields)
        customer = await bank.customers.by_id(used.key.person_id)
        if customer is None:
            raise PasskeyRefused("the key's owner is no customer any more")

        async def settle(transaction: Transaction) -> None:
            await use_up(bank, transaction, used)

        entered = await enter(request, bank, standing, customer, Proof(Factor.PASSKEY, used.key.id), settle)
    except (PasskeyRefused, AlreadyThere, Stale):
        return await _refused(request, bank, standing)
    return remember_browser(request, entered, bank, sign_in_subject(bank, customer.number))


async def _refused(request: Request, bank: Bank, standing: SignInStanding) -> Response:
    await note_refused(request, bank, "sign_in")
    text = texts_of(request, bank)("passkeys.refused")
    return await show_standing(request, bank, standing, errors={"passkey": text})
