from hypothesis import given
from hypothesis import strategies as st

from poreka.provider.rules.masked_characters import PESEL_LENGTH, matches, position_seed, positions

seeds = st.binary(min_size=32, max_size=32)
identifiers = st.text(alphabet="ABCDEFGHJKLMNPQRSTUVWXYZ0123456789", min_size=9, max_size=11)


@given(st.integers(2, 20), seeds)
def test_two_different_positions_within_the_identifier_in_order(length: int, seed: bytes) -> None:
    first, second = positions(length, seed)
    assert 1 <= first < second <= length
    assert positions(length, seed) == (first, second)


def test_every_pair_comes_up() -> None:
    seen = {positions(11, position_seed(b"key", f"{number:08d}", 0)) for number in range(2000)}
    assert len(seen) == 55


def test_positions_move_only_with_a_right_answer() -> None:
    def asked(answers: int) -> tuple[int, ...]:
        return positions(11, position_seed(b"key", "10000001", answers))

    assert asked(0) == asked(0)
    assert len({asked(answers) for answers in range(10)}) > 1
    assert position_seed(b"other", "10000001", 0) != position_seed(b"key", "10000001", 0)


@given(identifiers, seeds)
def test_the_right_characters_match_in_either_case(identifier: str, seed: bytes) -> None:
    asked = positions(len(identifier), seed)
    answer = "".join(identifier[place - 1] for place in asked)
    assert matches(identifier, asked, answer)
    assert matches(identifier, asked, answer.lower())


@given(identifiers, seeds, st.text())
def test_any_other_answer_does_not(identifier: str, seed: bytes, answer: str) -> None:
    asked = positions(len(identifier), seed)
    right = "".join(identifier[place - 1] for place in asked)
    assert matches(identifier, asked, answer) == (answer.casefold() == right.casefold())


@given(seeds, st.text() | st.just("\0\0"))
def test_an_unknown_customer_never_matches(seed: bytes, answer: str) -> None:
    assert not matches(None, positions(PESEL_LENGTH, seed), answer)
    assert not matches("", positions(PESEL_LENGTH, seed), answer)


def test_broken_characters_are_only_wrong() -> None:
    assert not matches("ABC123456", (1, 2), "\ud800")


@given(st.sampled_from(["5", "6", "6\0", "", "\0\0"]))
def test_an_identifier_shorter_than_what_was_asked_never_matches(answer: str) -> None:
    assert not matches("ABC123456", (9, 11), answer)
    assert not matches("ABC123456", (10, 11), answer)
