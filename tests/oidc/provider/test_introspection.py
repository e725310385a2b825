import pytest

from poreka.oidc.errors import AnsweredAsJson
from poreka.oidc.parameters import Parameters
from poreka.oidc.provider.introspection import introspection_answer, token_asked_about
from poreka.oidc.provider.token_request import Binding
from tests.oidc.provider.samples import ISSUER, issued
from tests.oidc.signing_keys import NOW

RECORD = issued(binding=Binding(jkt="j")).record


def test_rfc_7662_2_1_the_request() -> None:
    assert token_asked_about(Parameters.of_pairs([("token", "t")])) == "t"
    for pairs in ([], [("token", "t" * 513)], [("token", "t"), ("token", "t")]):
        with pytest.raises(AnsweredAsJson):
            token_asked_about(Parameters.of_pairs(pairs))


def test_rfc_7662_2_2_the_owner_learns_everything_about_the_token() -> None:
    answer = introspection_answer(RECORD, client_id="portal", issuer=ISSUER, now=NOW)
    assert (answer["active"], answer["sub"], answer["token_type"], answer["cnf"]) == (
        True,
        "pairwise",
        "DPoP",
        {"jkt": "j"},
    )


def test_the_confirmation_follows_the_binding() -> None:
    for binding, expected in ((Binding(), None), (Binding(x5t="t"), {"x5t#S256": "t"})):
        answer = introspection_answer(issued(binding=binding).record, client_id="portal", issuer=ISSUER, now=NOW)
        assert (answer["token_type"], answer.get("cnf")) == ("Bearer", expected)


def test_rfc_7662_4_anybody_else_learns_nothing() -> None:
    inactive = {"active": False}
    assert introspection_answer(None, client_id="portal", issuer=ISSUER, now=NOW) == inactive
    assert introspection_answer(RECORD, client_id="other", issuer=ISSUER, now=NOW) == inactive
    assert introspection_answer(RECORD, client_id="portal", issuer=ISSUER, now=NOW + 300) == inactive
