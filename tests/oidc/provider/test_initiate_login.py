from poreka.oidc.clients.initiate_login import initiate_login_address
from tests.oidc.provider.samples import ISSUER, client


def test_core_4_the_browser_brings_the_issuer_and_nothing_about_the_person() -> None:
    start = client(initiate_login_uri="https://portal.example/start")
    assert initiate_login_address(start, ISSUER) == "https://portal.example/start?iss=https%3A%2F%2Fbank.example"
    with_query = client(initiate_login_uri="https://portal.example/start?a=b")
    assert initiate_login_address(with_query, ISSUER, target_link_uri="https://portal.example/x") == (
        "https://portal.example/start?a=b&iss=https%3A%2F%2Fbank.example&target_link_uri=https%3A%2F%2Fportal.example%2Fx"
    )
    assert initiate_login_address(client(), ISSUER) is None
