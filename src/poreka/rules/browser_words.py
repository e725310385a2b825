"""What a browser calls itself, in two words that a person knows: "Chrome, Windows".

Everybody can send any name, so nothing is decided by it: it helps an honest person to notice that somebody else's
browser asks.
"""

BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def browser_words(agent: str) -> str:
    """The browser and the system, as far as they are known; empty text where neither is."""
    found = (next((word for mark, word in words if mark in agent), "") for words in (BROWSERS, SYSTEMS))
    return ", ".join(word for word in found if word)


def system_word(agent: str) -> str:
    """The system alone."""
    return next((word for mark, word in SYSTEMS if mark in agent), "")
