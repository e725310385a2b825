"""The tables `[[….consent_texts]]` of a provider's settings: the words of consents, and what is wrong with them.

`poreka/settings.py` reads the file.
"""

import datetime

import msgspec

from poreka.provider.rules.consent_text import text_fault


class ConsentWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A text of consents in the bank's own words, sentence by sentence; the first stands at the box.

    `{provider}`, `{service}` and `{data}` are filled in, and `{giver}` and `{receiver}`: the legal names of both. A
    Polish sentence may ask for each name in a case, `{service:genitive}`, `{service:accusative}` or
    `{service:locative}`: what `[declension]` gives for that name, or else the name as it is. From its day on everyone
    is asked again, and shown what is new. Those that no longer count may be taken out: what was agreed to is kept with
    each consent.
    """

    version: str
    valid_from: datetime.date  # midnight in Poland; may lie ahead
    pl: tuple[str, ...]  # the first names `{service}` and `{data}`, in any case
    en: tuple[str, ...]  # the same; a name that is asked for in a case stands as it is


def consent_faults(texts: tuple[ConsentWords, ...], built_in: str, at: str) -> list[str]:
    """What is wrong with the texts of the table `at`; `built_in` is the version of the text that comes with us."""
    versions = [built_in, *(text.version for text in texts)]
    faults = []
    if len(set(versions)) < len(versions):
        faults.append(f"{at}: two texts have the same version; consent_text_version names the text that is built in")
    if len({text.valid_from for text in texts}) < len(texts):
        faults.append(f"{at}: two texts begin on the same day")
    for text in texts:
        for language, words in (("pl", text.pl), ("en", text.en)):
            if fault := text_fault(words):
                faults.append(f"{at}: {language} of {text.version!r:.40} {fault}")
    return faults
