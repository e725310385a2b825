from poreka.oidc.errors import (
    AnsweredAsJson,
    KeyUnknown,
    RefusedBearer,
    SentToClient,
    ShownToPerson,
    TokenRefused,
)


def test_the_private_detail_is_in_no_public_form() -> None:
    answered = AnsweredAsJson("invalid_grant", "Public.", detail="secret")
    assert answered.body() == {"error": "invalid_grant", "error_description": "Public."}
    assert answered.status == 400
    refused = RefusedBearer("invalid_token", "Public.", detail="secret")
    shown = ShownToPerson("invalid_request", "Public.", detail="secret")
    sent = SentToClient("invalid_request", "Public.", detail="secret")
    for fault in (answered, refused, shown, sent):
        assert "secret" not in str(fault)
        assert fault.detail == "secret"
    assert "secret" not in str(refused.headers)


def test_rfc_6750_3_a_challenge_names_error_and_description() -> None:
    refused = RefusedBearer("invalid_token", "Expired.", parameters={"scope": "openid"}, headers={"DPoP-Nonce": "n"})
    assert refused.headers == {
        "DPoP-Nonce": "n",
        "WWW-Authenticate": 'Bearer error="invalid_token", error_description="Expired.", scope="openid"',
    }


def test_rfc_6750_3_1_without_a_token_no_error_is_named() -> None:
    assert RefusedBearer(None, "A token is needed.").headers == {"WWW-Authenticate": "Bearer"}


def test_an_unknown_key_is_a_refused_token_that_can_be_told_apart() -> None:
    assert isinstance(KeyUnknown("unknown"), TokenRefused)
