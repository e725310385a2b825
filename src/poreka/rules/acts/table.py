"""The table of acts: whatever changes something for a person, with its protection (docs/adr/0031).

Every route that changes something names its act; a test walks all of them. The rows stand by system in
`vouching.py`, `trusted_profile.py`, `relying.py`, `desk.py`, `operator.py` and `app.py`;
docs/acts.md is made from them.
"""

from poreka.rules.acts.act import Act
from poreka.rules.acts.app import APP
from poreka.rules.acts.desk import DESK
from poreka.rules.acts.operator import OPERATOR
from poreka.rules.acts.relying import RELYING
from poreka.rules.acts.trusted_profile import DEEDS, TRUSTED_PROFILE
from poreka.rules.acts.vouching import VOUCHING

BY_SYSTEM: tuple[tuple[str, tuple[Act, ...]], ...] = (
    ("Whoever vouches: bank, trusted profile, phone app", VOUCHING),
    ("The trusted profile", TRUSTED_PROFILE),
    ("Whoever relies: portal, patient account, mojeIKP", RELYING),
    ("The desk", DESK),
    ("The operator's command line", OPERATOR),
    ("The phone app, mojeIKP's devices, the demonstration", APP),
)
ACTS: dict[str, Act] = {one.name: one for _, rows in BY_SYSTEM for one in rows}
OWN_OPERATIONS: dict[str, Act] = {one.name: one for one in DEEDS}
