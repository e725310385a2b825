"""The cases in which a Polish text may ask for the name of an institution: `Logowanie do {service:genitive}`.

Pure. How a name declines is the settings' business (`[declension]`), and filling it in that of `web/texts.py`.
"""

from string import Formatter

CASES = ("genitive", "accusative", "locative")


def asked_for(text: str) -> list[tuple[str, str]] | None:
    """Each placeholder of a text with what stands behind its colon; None where a brace is no placeholder at all."""
    try:
        found = list(Formatter().parse(text))
    except ValueError:
        return None
    if any(conversion for _, _, _, conversion in found):
        return None
    return [(name, spec or "") for _, name, spec, _ in found if name is not None]
