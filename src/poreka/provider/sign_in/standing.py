"""A sign-in under way: what is stored of it, and the question it has come to.

`load` raises `StalePage` in another browser than the one in which the sign-in began. `client_id` names the client
whose release the sign-in serves; it is stored at the beginning, so that each page's heading can say what the person
signs in for (P1). Read next: `pages.py`.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

import msgspec
from starlette.requests import Request

from poreka.provider.release.stored import OPENID
from poreka.provider.rules.wish import AskingService
from poreka.provider.settings.vouching import Vouching
from poreka.provider.sign_in.question import Question, question_to, question_to_nobody
from poreka.provider.store.customer_directory import ChosenIdentifier
from poreka.provider.system import Bank
from poreka.store.fresh import secret_hash
from poreka.store.journeys import Journey
from poreka.web.failures import Onward, StalePage
from poreka.web.own_journey import own_journey

KIND = "bank_sign_in"
JOURNEY_SECONDS = 30 * 60


class SignIn(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is stored: the `release` or the page `next` that it leads to, and what was typed so far.

    `number` is set once a masked sign-in has asked for it; `timed_out`: an earlier session of this browser had run out.
    """

    release: str | None = None
    client_id: str | None = None
    protocol: str = OPENID
    next: str = "/"
    number: str | None = None
    timed_out: bool = False
    done: bool = False

    @property
    def destination(self) -> str:
        """Where the person goes once signed in."""
        return f"/release/{self.release}" if self.release else self.next


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInStanding:
    """A sign-in as it stands; `question` is None where the bank asks for a password only."""

    journey: Journey
    sign_in: SignIn
    known: ChosenIdentifier | None = None
    right_answers: int = 0
    question: Question | None = None


async def load(request: Request, bank: Bank) -> SignInStanding:
    """The sign-in that the address names, in this browser; raises `StalePage`, with where the person was going."""
    try:
        journey = await own_journey(request, bank, KIND)
    except StalePage as stale:
        raise await _late(request, bank) or stale from None
    sign_in = msgspec.json.decode(journey.state, type=SignIn)
    if not masked(bank) or sign_in.number is None:
        return SignInStanding(journey=journey, sign_in=sign_in)
    known, right_answers, question = await asked(bank, sign_in.number)
    return SignInStanding(journey=journey, sign_in=sign_in, known=known, right_answers=right_answers, question=question)


async def _late(request: Request, bank: Bank) -> StalePage | None:
    """The error page for a sign-in whose time is over, with a link to where the person was going.

    The address holds the sealed state of the sign-in, so `load_begun` still reads it. None where the address is no
    sign-in of this browser, or its client is not known any more.
    """
    browser = bank.cookies.secret(request, "browser") or ""
    begun = await bank.journeys.load_begun(request.path_params["journey"], secret_hash(browser), 0)
    if begun is None or begun.kind != KIND:
        return None
    sign_in = msgspec.json.decode(begun.state, type=SignIn)
    if sign_in.release is None:
        again = f"/sign-in?{urlencode({'next': sign_in.next})}"
        return StalePage("sign_in_late", onward=Onward({}, again))
    service = await served(bank, sign_in)
    if service is None:
        return None
    left = await bank.journeys.load(sign_in.release, secret_hash(browser), bank.clock())
    href = f"/release/{sign_in.release}/leave" if left else service.home
    return StalePage("sign_in_late", onward=Onward(service.name, href))


async def served(bank: Bank, sign_in: SignIn) -> AskingService | None:
    """The service that the sign-in is for; None where it is for the provider itself, or the service is gone."""
    kind = bank.reply_kinds.get(sign_in.protocol)
    return await kind.service(bank, sign_in.client_id) if kind and sign_in.client_id else None


async def asked(bank: Bank, number: str) -> tuple[ChosenIdentifier | None, int, Question]:
    """The identifier that the owner of a number chose, their right answers so far, and the question.

    For a number that nobody has, the same reads are made and `question_to_nobody` makes a question up, so that neither
    the page nor its time shows whether there is such a customer.
    """
    key, known = bank.keys.attempts, await bank.customers.identifier_of(number)
    right_answers = await bank.right_answers.of(known.customer_id if known else "")
    if known is None:
        return None, 0, question_to_nobody(key, number, bank.clock())
    return known, right_answers, question_to(key, number, known.kind, known.length, right_answers)


def passkey_purpose(standing: SignInStanding) -> str:
    """What a passkey's challenge on the page of this sign-in is for."""
    return f"passkey-sign-in:{standing.journey.id}"


def bank_settings(bank: Bank) -> Vouching:
    """How the bank vouches, as its settings say."""
    return bank.settings.vouching


def masked(bank: Bank) -> bool:
    """Whether this bank asks for its number first, and then for a password and two characters."""
    return bank_settings(bank).sign_in == "masked"
