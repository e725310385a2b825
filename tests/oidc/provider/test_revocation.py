from poreka.oidc.provider.revocation import grant_to_revoke
from tests.oidc.provider.samples import issued


def test_rfc_7009_2_1_only_the_owner_revokes_and_nobody_learns_anything() -> None:
    record = issued().record
    assert grant_to_revoke(record, client_id="portal") == "g-1"
    assert grant_to_revoke(record, client_id="other") is None
    assert grant_to_revoke(None, client_id="portal") is None
