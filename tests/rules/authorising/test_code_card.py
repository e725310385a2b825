from hypothesis import given
from hypothesis import strategies as st

from poreka.rules.authorising.code_card import CODES, FEW, CodeCard, card_code, card_text, current_card, new_card_needed
from poreka.rules.authorising.operation_code import Code, read_code

KEY = b"k" * 32
cards = st.lists(
    st.builds(
        CodeCard,
        id=st.uuids().map(str),
        serial=st.just("1"),
        next_code=st.integers(1, CODES + 1),
        blocked=st.booleans(),
    ),
    max_size=4,
)


def card(**changed: object) -> CodeCard:
    return CodeCard(**{"id": "c1", "serial": "12345678", **changed})  # type: ignore[arg-type]


def test_the_oldest_card_with_codes_left_is_asked() -> None:
    old, new = card(id="old", next_code=CODES + 1), card(id="new")
    assert current_card([]) is None
    assert current_card([old]) is None
    assert current_card([old, new]) is new
    assert current_card([card(id="old", next_code=CODES), new]).id == "old"  # type: ignore[union-attr]
    assert current_card([card(id="old", blocked=True), new]) is new


def test_a_new_card_is_sent_before_the_last_codes_run_out() -> None:
    assert not new_card_needed([card(next_code=CODES - FEW)])
    assert new_card_needed([card(next_code=CODES - FEW + 1)])
    assert not new_card_needed([card(next_code=CODES), card(id="c2")])
    assert new_card_needed([card(blocked=True)])


@given(cards)
def test_a_card_that_is_asked_has_a_code(found: list[CodeCard]) -> None:
    asked = current_card(found)
    assert (asked is None) == (sum(one.left for one in found) == 0)
    if asked is not None:
        assert 1 <= asked.next_code <= asked.codes


@given(st.text(min_size=1), st.integers(1, CODES), st.text(min_size=1), st.integers(1, CODES))
def test_codes_belong_to_their_card_and_number(one: str, a: int, other: str, b: int) -> None:
    code = card_code(KEY, one, a)
    assert read_code(code) == code
    assert card_code(KEY, one, a) == code
    assert card_code(b"x" * 32, one, a) != code or card_code(b"y" * 32, one, a) != code
    if (one, a) == (other, b):
        assert card_code(KEY, other, b) == code


def test_what_is_printed() -> None:
    lines = card_text(KEY, card()).splitlines()
    assert lines[0] == "Karta kodów 12345678"
    assert len(lines) == CODES + 1
    assert lines[7] == f"07: {card_code(KEY, 'c1', 7)}"
    assert len({Code(line[4:]) for line in lines[1:]}) == CODES  # of this card; two may be alike on others
