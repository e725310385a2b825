"""Files of the demonstration's qualified authority.

GET /certificates/{person}.p12     a person's key and certificate, PKCS #12, its password on the first page
GET /certificates/authority.crl    the list of revoked ones, fresh: where the certificates say it is

They are there over https only, because nobody could use them otherwise.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.demo.systems import Start
from poreka.web.failures import PageNotFound

LIST = "authority.crl"


async def download(request: Request, start: Start) -> Response:
    """GET /certificates/{file}."""
    name = request.path_params["file"]
    if start.revocation_list is None:
        raise PageNotFound
    if name == LIST:
        return Response(start.revocation_list(start.clock()), media_type="application/pkix-crl")
    found = next((one for one in start.certificates if f"{one.person}.p12" == name), None)
    if found is None:
        raise PageNotFound
    saved_as = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(found.file, media_type="application/x-pkcs12", headers=saved_as)
