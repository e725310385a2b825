import msgspec
import pytest

from poreka.systems.portal.rules.profile import NotPossible, PortalProfile, ProfileState, close, trust
from tests.rules.synthetic import JAN

UNTRUSTED = PortalProfile(facts=JAN, state=ProfileState.UNTRUSTED, terms_version="5")


def test_an_untrusted_profile_becomes_trusted_once() -> None:
    trusted = trust(UNTRUSTED, "https://millenet.example", 1000)
    assert isinstance(trusted, PortalProfile)
    assert (trusted.state, trusted.trusted_by, trusted.trusted_at) == (
        ProfileState.TRUSTED,
        "https://millenet.example",
        1000,
    )
    assert trusted.facts == JAN
    assert trust(trusted, "https://other.example", 2000) == NotPossible(ProfileState.TRUSTED)


@pytest.mark.parametrize("state", [ProfileState.UNTRUSTED, ProfileState.TRUSTED])
def test_closed_is_the_end(state: ProfileState) -> None:
    closed = close(msgspec.structs.replace(UNTRUSTED, state=state), 1000)
    assert isinstance(closed, PortalProfile)
    assert (closed.state, closed.closed_at) == (ProfileState.CLOSED, 1000)
    assert close(closed, 2000) == NotPossible(ProfileState.CLOSED)
    assert trust(closed, "https://millenet.example", 2000) == NotPossible(ProfileState.CLOSED)
