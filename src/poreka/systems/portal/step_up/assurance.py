"""How strong a portal's session is: by what was really used when it began, never by who the person is.

A password or a passkey of the portal's own and a certificate are factors of ours (`rules/levels.py`); a provider's
sign-in is as strong as the level it gave, read by that provider's own ladder.
"""

from poreka.relying.sign_in.provider_exchange import level_of
from poreka.rules.levels import Level, own_level
from poreka.store.sessions import Session
from poreka.systems.portal.system import Portal
from poreka.web.sessions import details_of


def session_level(system: Portal, session: Session) -> Level:
    """The level of a session."""
    by_factors = own_level(session.factors)
    if by_factors is not None:
        return by_factors
    details = details_of(session)
    vouched = (one.registration for one in system.relied_on.values() if one.registration.issuer == details.issuer)
    registration = next(vouched, None)  # none: a provider that is relied on no more
    return level_of(registration, details.acr) if registration else Level.LOW
