from io import StringIO

from rich.console import Console

from tests.oidc.relying_party.foreign_provider import begun, signed_in, token_answer


def test_secrets_do_not_print_themselves() -> None:
    for value in (begun(), begun().pending, signed_in(), token_answer()):
        assert repr(value) == str(value) == f"<{type(value).__name__}>"


def test_rich_shows_nothing_either() -> None:
    shown = StringIO()
    Console(file=shown).print(signed_in())
    assert "access-1" not in shown.getvalue()
    assert signed_in().__rich_repr__() == []
