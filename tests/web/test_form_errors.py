"""What is wrong with a form is told twice: in the list above it, and beside the field."""

from poreka.web.form_errors import NO_ERRORS, FormErrors, form_errors
from poreka.web.texts import load_texts

PL = load_texts()["pl"]


def test_a_field_has_its_text_and_a_line_that_leads_to_it() -> None:
    errors = FormErrors({"email": "Wpisz adres."})
    assert errors.get("email") == "Wpisz adres."
    assert list(errors) == [("Wpisz adres.", "#email")]


def test_a_form_that_is_wrong_as_a_whole_has_a_line_that_leads_nowhere() -> None:
    assert list(FormErrors({"": "Ktoś inny to zmienił."})) == [("Ktoś inny to zmienił.", None)]


def test_a_line_leads_to_another_element_where_the_page_says_so() -> None:
    errors = FormErrors({"characters": "Uzupełnij.", "version": "Przeczytaj."}, {"characters": "c-3", "version": ""})
    assert [line.href for line in errors] == ["#c-3", None]


def test_several_faults_of_one_field_are_one_line() -> None:
    keys = {"password": ("profiles.fault.password.not_equal", "profiles.code.six_digits")}
    both = f"{PL('profiles.fault.password.not_equal')} {PL('profiles.code.six_digits')}"
    assert form_errors(PL, keys).get("password") == both


def test_without_errors_there_is_nothing_to_tell() -> None:
    assert not NO_ERRORS
    assert list(NO_ERRORS) == []
    assert NO_ERRORS.get("email") is None
