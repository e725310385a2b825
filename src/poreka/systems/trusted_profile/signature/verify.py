"""GET and POST /verify: paste or upload a statement, and the document if it is at hand; nothing of it is kept.

It works without a script. What is believed is `oidc/lasting/statement.py`; the same from a terminal, offline
too: `poreka signature verify`.
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from poreka.oidc.errors import TokenRefused
from poreka.oidc.jose import LARGEST_TOKEN
from poreka.oidc.lasting.statement import VerifiedStatement, verify_statement
from poreka.oidc.trusted_signature import document_hash, readable_hash
from poreka.provider.lasting_keys import lasting_keys
from poreka.rules.levels import level_named
from poreka.rules.shown_date import people_time
from poreka.systems.trusted_profile.system import TrustedProfileSystem
from poreka.web.browser.language import texts_of
from poreka.web.form_errors import FormErrors
from poreka.web.frame import show
from poreka.web.sessions import session_of
from poreka.web.texts import Texts
from poreka.web.uploads import ATTACHMENT_LIMIT, read_upload


async def show_form(request: Request, pz: TrustedProfileSystem) -> Response:
    """GET /verify."""
    return await _page(request, pz)


async def verify(request: Request, pz: TrustedProfileSystem) -> Response:
    """POST /verify."""
    fields = await read_upload(request, pz, "statement", "file", "document")
    texts, given = texts_of(request, pz), fields["statement"].strip() or fields["file"].strip()
    if not given:
        return await _fault(request, pz, texts("verify.fault.nothing"))
    if len(given) > LARGEST_TOKEN or len(fields["document"]) > ATTACHMENT_LIMIT:
        return await _fault(request, pz, texts("verify.fault.too_large"))
    try:
        found = verify_statement(given.decode("ascii", "replace"), await lasting_keys(pz))
    except TokenRefused:
        return await _page(request, pz, result="invalid")
    if found.statement.iss != pz.origin:
        return await _page(request, pz, result="invalid")
    return await _page(request, pz, **_told(found, fields["document"], texts))


def _told(found: VerifiedStatement, document: bytes, texts: Texts) -> dict[str, Any]:
    """What the page says of a statement that is true."""
    said = found.statement
    compared = "" if not document else "same" if document_hash(document) == said.document_hash else "other"
    day = "-".join(reversed(said.operation.date.split("-")))
    operation, level = texts("verify.operation", number=said.operation.number, date=day), level_named(said.acr)
    rows = {
        "who": f"{said.person.given_name} {said.person.family_name}",
        "pesel": said.person.pesel,
        "summary": said.summary,
        "document": said.document_name,
        "hash": readable_hash(said.document_hash),
        "when": people_time(said.iat, texts.language),
        "how": f"{operation}, {texts(f'verify.tool.{said.operation.tool}')}",
        "level": texts(f"verify.level.{level.name.lower()}") if level else said.acr,
        "for": said.client.name,
    }
    shown = [{"key": texts(f"verify.row.{name}"), "value": value} for name, value in rows.items()]
    return {"result": "valid", "compared": compared, "rows": shown}


async def _fault(request: Request, pz: TrustedProfileSystem, text: str) -> Response:
    return await _page(request, pz, errors=FormErrors({"statement": text}))


async def _page(request: Request, pz: TrustedProfileSystem, **data: Any) -> Response:
    plain = {"result": "", "compared": "", "rows": []}
    session = await session_of(request, pz)
    template = "systems/trusted_profile/signature/form.html"
    return show(request, pz, template, session=session, **{**plain, **data})
