import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.oidc.parameters import ParameterRefused, Parameters


def test_rfc_6749_3_1_a_parameter_without_value_is_as_if_not_sent() -> None:
    parameters = Parameters.of_pairs([("a", ""), ("a", "1"), ("b", "")])
    parameters.check()
    assert parameters.get("a") == "1"
    assert "b" not in parameters
    assert parameters.get("b") is None


def test_rfc_6749_3_1_a_repeated_parameter_is_refused_even_with_equal_values() -> None:
    parameters = Parameters.of_pairs([("a", "1"), ("a", "1"), ("b", "2")])
    assert parameters.get("b") == "2"
    assert parameters.get_if_sound("a") is None
    assert parameters.get_if_sound("b") == "2"
    for read in (lambda: parameters.get("a"), parameters.check):
        with pytest.raises(ParameterRefused, match="repeated"):
            read()


def test_oversized_values_and_too_many_parameters_are_refused() -> None:
    assert Parameters.of_pairs([("a", "x" * 4096)]).get("a") == "x" * 4096
    with pytest.raises(ParameterRefused, match="too long"):
        Parameters.of_pairs([("a", "x" * 4097)]).get("a")
    with pytest.raises(ParameterRefused, match="too many"):
        Parameters.of_pairs([(str(count), "x") for count in range(65)])


def test_an_unknown_name_is_never_echoed() -> None:
    with pytest.raises(ParameterRefused) as refused:
        Parameters.of_pairs([("<script>", "1"), ("<script>", "2")]).check()
    assert "<script>" not in refused.value.description


def test_one_more_value_leaves_the_original_alone() -> None:
    original = Parameters.of_pairs([("a", "1")])
    assert original.with_value("b", "2").get("b") == "2"
    assert "b" not in original


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.text(max_size=5)), max_size=12))
def test_what_is_sound_was_sent_exactly_once(pairs: list[tuple[str, str]]) -> None:
    parameters = Parameters.of_pairs(pairs)
    for name in "abcd":
        sent = [value for key, value in pairs if key == name and value]
        assert parameters.get_if_sound(name) == (sent[0] if len(sent) == 1 else None)
