"""Where a sign-in may lead: paths of our own only, never an address that someone put into a link.

Pure. A browser reads `//host`, `/\\host` and control characters in ways that leave the site, so
whatever is not plainly a path of ours counts as none (CWE-601, open redirect).
"""

import re

_OWN_PATH = re.compile(r"/(?![/\\])[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*")
_LONGEST = 1000
RELEASE = "/release/"


def own_path(text: str) -> str | None:
    """The text, if it is a path of this site with or without a query; else None."""
    return text if len(text) <= _LONGEST and _OWN_PATH.fullmatch(text) else None


def release_in(path: str) -> str:
    """The release that a path of ours leads back into; empty for any other page."""
    return path.removeprefix(RELEASE).partition("?")[0] if path.startswith(RELEASE) else ""
