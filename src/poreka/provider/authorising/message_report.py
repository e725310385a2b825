"""GET or POST /message-report/{gateway}/{message}/{proof}: a gateway says what became of a message.

The gateway was given the address with the message (`{report}`), and only it can know the proof; so nobody else
can say that an SMS arrived. Gateways send whatever fields they like, in the address or in a form: one of them counts,
and which of its values mean what is in the gateway's settings. Most want to read `OK`.
"""

import hmac

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from poreka.delivery.sms_settings import HttpGateway
from poreka.provider.system import Bank
from poreka.store.outbox import Report
from poreka.web.failures import PageNotFound
from poreka.web.forms import query_pairs, read_pairs


async def take_report(request: Request, bank: Bank) -> Response:
    """Write down what is said; reports that tell no end of the message are only thanked for."""
    gateway, message = request.path_params["gateway"], request.path_params["message"]
    told = [one for one in bank.settings.sms.gateways if one.name == gateway and isinstance(one, HttpGateway)]
    proof = bank.outbox.proof_of(message)
    if not told or not hmac.compare_digest(request.path_params["proof"].encode(), proof.encode()):
        raise PageNotFound
    pairs = query_pairs(request) + (await read_pairs(request) if request.method == "POST" else [])
    report = _meant(told[0], [value for name, value in pairs if name == told[0].report_field])
    if report is not None:
        await bank.outbox.report(gateway, message, report, bank.clock())
    return PlainTextResponse("OK")


def _meant(gateway: HttpGateway, values: list[str]) -> Report | None:
    if len(values) != 1:
        return None
    if values[0] in gateway.delivered:
        return "delivered"
    return "undelivered" if values[0] in gateway.undelivered else None
