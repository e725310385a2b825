from hypothesis import given
from hypothesis import strategies as st

from poreka.provider.rules.released_facts import facts_asked
from poreka.rules.people.person import Fact, in_order

facts = st.lists(st.sampled_from(Fact))


def test_the_identity_scope_asks_for_all_three() -> None:
    assert facts_asked({"openid", "identity"}, ()) == (Fact.FIRST_NAME, Fact.SURNAME, Fact.PESEL)


def test_single_claims_ask_for_themselves_and_foreign_names_for_nothing() -> None:
    assert facts_asked({"openid"}, ["pesel", "given_name", "phone_number"]) == (Fact.FIRST_NAME, Fact.PESEL)
    assert facts_asked({"openid"}, ()) == ()


@given(facts)
def test_order_and_repetition_do_not_matter(some: list[Fact]) -> None:
    assert in_order(some) == in_order(reversed([*some, *some]))
    assert set(in_order(some)) == set(some)
