"""Settings of text messages: `[sms]`, and its gateways `[[sms.gateways]]`, of the kind `http` or `smpp`.

Gateways are tried in the order of the file. What stands in `{…}` in an HTTP gateway's values is filled in for each
message (`PLACEHOLDERS`). `poreka/settings.py` reads the file; what is built of it: `running/senders.py`.
"""

import re
from collections.abc import Iterator
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec

from poreka.rules.people.phone_number import COUNTRIES, TakenNumbers, is_country_code

PLACEHOLDERS = frozenset({"id", "from", "to", "text", "coding", "secret", "report"})
PLACEHOLDER = re.compile(r"\{([a-z]+)\}")
LONGEST_ALPHANUMERIC = 11  # GSM 03.40 §9.1.2.5


class _Gateway(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """What every gateway has."""

    name: str  # short, unlike the others; stands in the outbox beside what this gateway has


class HttpGateway(_Gateway, frozen=True, kw_only=True, tag="http"):
    """A gateway that takes one message for each HTTP request.

    In the values of `fields` and `headers` these are filled in: `{id}` (stays the same when a message is sent
    again), `{from}`, `{to}` (digits with the country code, no plus), `{text}`, `{coding}` (0 when the text fits into
    the alphabet of GSM 03.38, otherwise 2), `{secret}` (what `secret_file` holds) and `{report}` (an address of this
    system's own for delivery reports; the bank answers there).
    """

    url: str
    body: Literal["json", "form", "query", "text"] = "json"
    """Where `fields` go: a JSON object or a form by POST, the address by GET; `text`: POST of the text alone."""
    fields: dict[str, str] = msgspec.field(
        default_factory=lambda: {"id": "{id}", "from": "{from}", "to": "{to}", "text": "{text}"}
    )
    headers: dict[str, str] = {}
    secret_file: str = ""  # one line, readable by its owner only
    recognises: bool = False
    """True only if the gateway sends a message whose `{id}` it had before not a second time."""
    known: str = ""  # regular expression: an answer whose body it matches says that this {id} was taken before
    refusal: str = ""  # regular expression: an answer of 2xx whose body it matches was a refusal
    not_taken: tuple[
        Annotated[int, msgspec.Meta(ge=500, le=599)], ...
    ] = ()  # statuses by which its contract says that it surely took nothing, such as 500
    report_field: str = "status"  # the field of a delivery report that says what became of the message
    delivered: tuple[str, ...] = ()  # its values that mean: on the phone
    undelivered: tuple[str, ...] = ()  # its values that mean: will never be


class SmppGateway(_Gateway, frozen=True, kw_only=True, tag="smpp"):
    """A message centre that speaks SMPP 3.4, over one connection bound as a transceiver."""

    host: str
    port: int = 2775
    security: Literal["tls", "none"] = "tls"  # none only on this machine or for a host in system.private_hosts
    system_id: str
    password_file: str  # one line of at most eight characters, readable by its owner only
    system_type: str = ""
    reports: bool = True  # ask for delivery reports
    report_ids: Literal["as_is", "hex", "decimal"] = "as_is"
    """How reports write a message's number: as answers do, or `hex` what answers have in decimal, or the reverse."""


Gateway = HttpGateway | SmppGateway


class Sms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How text messages leave; `demo_phone` is the demonstration's inbox and needs `demo = true`."""

    sender: Literal["demo_phone", "gateways"] = "demo_phone"
    name: str = "POREKA"  # whom a message is from, as phones show it; operators register these names
    country_code: str = "48"  # of the country whose numbers are written without one, and always taken
    foreign_numbers: bool | tuple[str, ...] = False
    """Whose numbers are taken besides: `true` for every country's, or a list of countries such as `["UA"]`."""
    web_otp: bool = False  # a last line "@host #code": phones offer the code on this system's own pages only
    most_an_hour: int = 20  # messages to one number, whoever asks for them
    most_a_day: int = 60
    inbox: str = "sqlite:phone.db"  # of the demonstration
    gateways: tuple[HttpGateway | SmppGateway, ...] = ()

    def __post_init__(self) -> None:
        if (self.sender == "gateways") != bool(self.gateways):
            raise ValueError("sms.sender: gateways goes together with at least one table [[sms.gateways]]")
        if not 0 < self.most_an_hour <= self.most_a_day:
            raise ValueError("sms.most_an_hour: must be at least 1, and most_a_day no less")
        if not re.fullmatch(r"[1-9][0-9]{0,2}", self.country_code) or not is_country_code(self.country_code):
            raise ValueError("sms.country_code: must be a country's code of one to three digits")
        if not isinstance(self.foreign_numbers, bool) and not COUNTRIES.issuperset(self.foreign_numbers):
            raise ValueError(
                'sms.foreign_numbers: must be true, false, or a list of countries by their two letters, like ["UA"]'
            )

    @property
    def numbers(self) -> TakenNumbers:
        """Which phone numbers are taken, whoever types or tells them."""
        foreign = self.foreign_numbers
        return TakenNumbers(int(self.country_code), foreign if isinstance(foreign, bool) else frozenset(foreign))


def gateway_faults(gateways: tuple[Gateway, ...], shown_name: str, near: frozenset[str]) -> Iterator[str]:
    """What the types cannot say; `near` are the hosts that may be spoken to without encryption."""
    names = [gateway.name for gateway in gateways]
    for gateway in gateways:
        if not re.fullmatch(r"[a-z0-9-]{1,32}", gateway.name) or names.count(gateway.name) > 1:
            yield "sms.gateways: each needs a name of its own, of small letters, digits and hyphens"
        faults = _http_faults(gateway, near) if isinstance(gateway, HttpGateway) else _smpp_faults(gateway, near)
        yield from (fault.format(name=gateway.name) for fault in faults)
        if isinstance(gateway, SmppGateway) and not _is_sms_name(shown_name):
            yield "sms.name: SMPP takes at most 11 ASCII letters, digits and spaces, or a number of at most 15 digits"


def _http_faults(gateway: HttpGateway, near: frozenset[str]) -> Iterator[str]:
    parts = urlsplit(gateway.url)
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.fragment:
        yield "sms.gateways: {name}: url must be an address like https://sms.example/send"
    elif parts.scheme == "http" and parts.hostname not in near:
        yield "sms.gateways: {name}: url must be https, unless its host is this machine or in system.private_hosts"
    values = [*gateway.fields.values(), *gateway.headers.values()]
    used = {one for value in values for one in PLACEHOLDER.findall(value)}
    if used - PLACEHOLDERS:
        yield "sms.gateways: {name}: fields and headers hold a {{word}} that is not filled in"
    if bool(gateway.secret_file) != ("secret" in used):
        yield "sms.gateways: {name}: secret_file goes together with {{secret}}"
    if ("report" in used) != bool(gateway.delivered or gateway.undelivered):
        yield "sms.gateways: {name}: {{report}} goes together with delivered and undelivered"
    if "to" not in used or not ("text" in used or gateway.body == "text"):
        yield "sms.gateways: {name}: fields and headers must hold {{to}} and {{text}}"
    if gateway.recognises and "id" not in used:
        yield "sms.gateways: {name}: recognises = true needs {{id}} in fields or headers"
    if gateway.known and not gateway.recognises:
        yield "sms.gateways: {name}: known goes together with recognises = true"
    try:
        re.compile(gateway.refusal), re.compile(gateway.known)
    except re.error:
        yield "sms.gateways: {name}: refusal and known must be regular expressions"


def _smpp_faults(gateway: SmppGateway, near: frozenset[str]) -> Iterator[str]:
    if not re.fullmatch(r"[A-Za-z0-9.-]+", gateway.host):
        yield "sms.gateways: {name}: host must be a name or an address, without a port"
    if not 0 < gateway.port < 65536:
        yield "sms.gateways: {name}: port must be a number from 1 to 65535"
    if gateway.security == "none" and gateway.host not in near:
        yield "sms.gateways: {name}: security none is for this machine and for hosts in system.private_hosts"
    if not re.fullmatch(r"[!-~]{1,15}", gateway.system_id):
        yield "sms.gateways: {name}: system_id must be 1 to 15 ASCII characters"
    if not re.fullmatch(r"[!-~]{0,12}", gateway.system_type):
        yield "sms.gateways: {name}: system_type must be at most 12 ASCII characters"


def _is_sms_name(name: str) -> bool:
    return bool(re.fullmatch(rf"[A-Za-z0-9 ]{{1,{LONGEST_ALPHANUMERIC}}}|\d{{1,15}}", name))
