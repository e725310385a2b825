"""An act in words, with the facts it is bound to: the same on the page, in the SMS, in the app and in the statement.

A fact is shown whole as long as it is short. Of a longer one, such as an e-mail address of 254 characters, an SMS has
no room for all: its beginning and its end stand, as many characters as fit, with three dots between them.
"""

from collections.abc import Callable, Mapping

from poreka.rules.acts.act import Act
from poreka.rules.people.phone_number import shown_phone

LONGEST_FACT = 60
_DOTS = "..."


def act_words(texts: Callable[..., str], act: Act, values: Mapping[str, str]) -> str:
    """The text of the row with its bound facts filled in."""
    facts = {name: shown_phone(values[name]) if name == "phone" else values[name] for name in act.bound}
    return texts(act.words, **{name: shown_fact(fact) for name, fact in facts.items()})


def shown_fact(value: str) -> str:
    """A fact as it is shown: it cannot look like another part of a message, and takes one line of it at most."""
    plain = "".join(one if one.isprintable() and one != ";" else "," for one in value)
    if len(plain) <= LONGEST_FACT:
        return plain
    room = LONGEST_FACT - len(_DOTS)
    return f"{plain[: room // 2]}{_DOTS}{plain[-(room - room // 2) :]}"
