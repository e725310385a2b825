from poreka.oidc.step_up import stronger_sign_in_needed


def test_rfc_9470_3_the_challenge_names_the_levels_that_would_do() -> None:
    refused = stronger_sign_in_needed("urn:substantial", "urn:high")
    assert refused.status == 401
    assert refused.headers["WWW-Authenticate"] == (
        'Bearer error="insufficient_user_authentication", error_description="A stronger sign-in is needed.",'
        ' acr_values="urn:substantial urn:high"'
    )
