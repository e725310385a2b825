"""The text of a consent as the page shows it now: the bank's own words from its settings, or the built-in ones.

The functions read settings and texts and do no I/O. `consent_text` fills a `provider.rules.consent_text.ConsentText`
in both languages, because `new_since` compares it with an earlier consent in the language the person reads today.
"""

from collections.abc import Mapping

from poreka.provider.pages.frame import name_of, way_to_consents
from poreka.provider.rules.consent import Consent
from poreka.provider.rules.consent_text import ConsentText, WhatIsNew, in_force, what_is_new
from poreka.provider.rules.wish import AskingService
from poreka.provider.settings.consents import ConsentWords
from poreka.provider.settings.vouching import Vouching
from poreka.provider.system import Bank
from poreka.rules.people.person import Fact
from poreka.rules.warsaw_time import warsaw_day
from poreka.web.texts import LANGUAGES


def bank_settings(bank: Bank) -> Vouching:
    """How the bank vouches, as its settings say."""
    return bank.settings.vouching


def text_version(bank: Bank) -> str:
    """The version of the text in force today: of the bank's own words, else of the built-in ones."""
    own = _own_words(bank)
    return own.version if own else bank_settings(bank).consent_text_version


def consent_text(
    bank: Bank, client: AskingService, facts: tuple[Fact, ...], *, legal_names: bool = True
) -> ConsentText:
    """The text in force today for this service and these facts.

    Without `legal_names` it has the hash that the text had before it named the legal entities of both (`hashes_now`).
    """
    own, giver, receiver = _own_words(bank), bank.settings.system.legal_name, client.legal_name
    parties = {"giver": giver, "receiver": receiver} if legal_names else {}
    return ConsentText(
        version=text_version(bank),
        service=client.client_id,
        sector=client.sector,
        name={language: name_of(client, language) for language in LANGUAGES},
        facts=facts,
        purpose={language: _purpose(bank, client, language) for language in LANGUAGES},
        sentences={language: _sentences(bank, client, facts, own, language, parties) for language in LANGUAGES},
        **parties,
    )


def hashes_now(bank: Bank, client: AskingService, facts: tuple[Fact, ...]) -> frozenset[str]:
    """The hashes of today's text, with and without the legal names; `bank.text_hashes` caches them for each customer.

    A person who agreed to these words before they named the legal entities agreed to a transfer between the same two,
    so the hash without the names counts as well and the person is not asked again.
    """

    def texts() -> tuple[ConsentText, ...]:
        return consent_text(bank, client, facts), consent_text(bank, client, facts, legal_names=False)

    return bank.text_hashes.of(client, facts, text_version(bank), texts)


def new_since(
    bank: Bank, client: AskingService, consent: Consent, agreed: ConsentText | None, text: ConsentText, language: str
) -> WhatIsNew | None:
    """What is new in `text` since the person's `consent` in force; None when nothing is.

    `agreed` is the text that was consented to, None where it was not kept. Its words are compared with those of today's
    text for the same facts; a difference in facts is listed by itself.
    """
    same_facts = consent_text(bank, client, consent.facts)
    lines = agreed.lines(language) if agreed else None
    return what_is_new(consent, lines, same_facts.lines(language), text.version, text.facts)


def _own_words(bank: Bank) -> ConsentWords | None:
    return in_force(bank_settings(bank).consent_texts, warsaw_day(bank.clock()))


def _purpose(bank: Bank, client: AskingService, language: str) -> str:
    own_purpose = client.purpose.get(language) or client.purpose.get("pl")
    return own_purpose or bank.texts[language]("release.consent.why", service=name_of(client, language))


def _sentences(
    bank: Bank,
    client: AskingService,
    facts: tuple[Fact, ...],
    own: ConsentWords | None,
    language: str,
    legal: Mapping[str, str],
) -> tuple[str, ...]:
    texts = bank.texts[language]
    service, provider = name_of(client, language), bank.settings.system.name
    parties = {"giver": legal.get("giver") or provider, "receiver": legal.get("receiver") or service}
    data = ", ".join(texts(f"release.data.{fact.value}") for fact in facts)
    if own is not None:
        words = own.en if language == "en" else own.pl
        values = {"provider": provider, "service": service, "data": data, **parties}
        return tuple(texts.sentence(sentence, **values) for sentence in words)
    box = texts("release.consent.box", provider=provider, service=service, data=data)
    return (
        f"{box} {texts('release.consent.parties', **parties)}" if any(legal.values()) else box,
        texts("release.consent.remembered"),
        texts("release.consent.withdraw", where=way_to_consents(bank, texts)),
        texts("release.consent.voluntary"),
    )
