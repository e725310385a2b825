"""The tables `[words]` and `[declension]` of a settings file: an institution's own words, and how names decline.

`poreka/settings.py` reads the file. What they make of the texts: `web/texts.py`.
"""

import msgspec


class OwnWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Texts of the pages in the institution's own words, by the text's key: see `src/poreka/texts`."""

    pl: dict[str, str] = {}
    en: dict[str, str] = {}


class Cases(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The cases of a name in Polish sentences: `[declension."Profil Zaufany"]`; one that is not given is the name."""

    genitive: str = ""  # logowanie do Profilu Zaufanego
    accusative: str = ""  # przez Profil Zaufany
    locative: str = ""  # w Profilu Zaufanym
