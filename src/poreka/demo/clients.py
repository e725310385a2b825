"""The relying parties that the demonstration registers: its own portals, and two sandbox clients for developers.

`sandbox` has the profile `openid` and a secret, `sandbox-fapi` the profile `fapi2` and a key pair that
is shipped for everyone to see. Both return to any address of this machine over http. None of it exists elsewhere.
"""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from importlib import resources
from typing import Any

import msgspec

from poreka.audit.events import ClientAdded
from poreka.oidc.backchannel_authentication import GRANT_TYPE as BACKCHANNEL
from poreka.oidc.clients.client import Client
from poreka.oidc.keys import public_part
from poreka.oidc.trusted_signature import SIGNATURE_TYPE
from poreka.provider.store.clients import Clients
from poreka.store.database import AlreadyThere
from poreka.web.system import System

FACTS = frozenset({"given_name", "family_name", "pesel"})
SANDBOX_SECRET = "sandbox-secret-for-the-demonstration-only"


def sandbox_key() -> dict[str, str]:
    """The private key of `sandbox-fapi`, published with the demonstration."""
    text = resources.files("poreka.presets").joinpath("sandbox-fapi.jwk.json").read_bytes()
    key: dict[str, str] = msgspec.json.decode(text)
    return key


LOOPBACK = ("http://127.0.0.1/callback",)  # the host makes the sector; any other loopback address does as well


def clients_at(origin_of: Callable[[str], str], bank: str) -> list[Client]:
    """What is registered at one of the demonstration's providers."""
    if bank == "mobywatel":
        accounts = _patient_account(origin_of("ikp"), bank), _mojeikp(origin_of("mojeikp"), bank)
        return [*accounts, _sandbox(), _sandbox_fapi()]
    portal, developers = _portal(origin_of("pue"), bank), [_sandbox(), _sandbox_fapi()]
    clients = [portal, *developers]
    if bank == "pz":
        signing = _pinged(_signing(portal, f"{origin_of('pue')}/orders/return/{bank}"), origin_of("pue"))
        clients = [signing, *map(_signing, developers)]
        patients = [_patient_account(origin_of("ikp"), bank), _mojeikp(origin_of("mojeikp"), bank)]
        return [*clients, *patients, _desk(origin_of("clerk"))]
    return [*clients, _trusted_profile(origin_of("pz"), bank)]


def _pinged(client: Client, origin: str) -> Client:
    """The client, told when a person has answered in the app instead of asking again and again."""
    return msgspec.structs.replace(
        client,
        backchannel_token_delivery_mode="ping",
        backchannel_client_notification_endpoint=f"{origin}/backchannel-notification",
    )


def _signing(client: Client, *returns: str) -> Client:
    """The client as it is registered at the trusted profile: a document can be signed for it, and people are asked in
    the app; `returns` are further addresses to come back to."""
    if client.profile != "fapi2":
        return client
    return msgspec.structs.replace(
        client,
        redirect_uris=(*client.redirect_uris, *returns),
        grant_types=frozenset({"authorization_code", BACKCHANNEL}),
        backchannel_token_delivery_mode="poll",
        authorization_details_types=frozenset({SIGNATURE_TYPE}),
    )


def _relying(client_id: str, origin: str, provider: str, **about: Any) -> Client:
    """One of the demonstration's systems that rely on others, with the addresses that all of them have."""
    return Client(
        poreka_reason=True,
        client_id=client_id,
        redirect_uris=(f"{origin}/callback/{provider}",),
        jwks_uri=f"{origin}/jwks",
        scopes=frozenset({"openid", "identity"}),
        claims=FACTS,
        post_logout_redirect_uris=(f"{origin}/signed-out",),
        backchannel_logout_uri=f"{origin}/backchannel-logout",
        dpop_required=True,
        userinfo_signed_response_alg="ES256",
        **about,
    )


def _portal(pue: str, bank: str) -> Client:
    return _relying(
        "pue",
        pue,
        bank,
        name={"pl": "PUE ZUS", "en": "PUE ZUS"},
        legal_name="Zakład Ubezpieczeń Społecznych (demonstracja)",
        purpose={
            "pl": "Potwierdzenie, kim jesteś, aby założyć lub otworzyć Twój profil w portalu ubezpieczeń.",
            "en": "Confirming who you are, to make or open your profile in the insurance portal.",
        },
        offers={
            "pl": (
                "pytania do ZUS i ich historia",
                "komunikaty o ubezpieczeniach",
                "zmiana danych kontaktowych bez wizyty w urzędzie",
            ),
            "en": (
                "questions to ZUS and their history",
                "notices about insurance",
                "changing your contact data without a visit",
            ),
        },
        initiate_login_uri=f"{pue}/initiate",
    )


def _trusted_profile(pz: str, bank: str) -> Client:
    return _relying(
        "pz",
        pz,
        bank,
        name={"pl": "Profil Zaufany", "en": "Profil Zaufany"},
        legal_name="Minister do spraw informatyzacji (demonstracja)",
        purpose={
            "pl": "Potwierdzenie, kim jesteś, aby założyć Twój Profil Zaufany albo zalogować Cię do niego.",
            "en": "Confirming who you are, to make your trusted profile or sign you in to it.",
        },
        offers={
            "pl": ("jedno konto do spraw urzędowych", "podpisywanie pism przez internet", "historia każdego użycia"),
            "en": ("one account for official matters", "signing documents online", "a history of each use"),
        },
    )


def _patient_account(ikp: str, provider: str) -> Client:
    return _relying(
        "ikp",
        ikp,
        provider,
        name={"pl": "IKP", "en": "IKP"},
        legal_name="Narodowy Fundusz Zdrowia (demonstracja)",
        purpose={
            "pl": "Potwierdzenie, kim jesteś, aby pokazać Ci Twoje recepty, skierowania i wizyty.",
            "en": "Confirming who you are, to show you your prescriptions, referrals and visits.",
        },
        offers={
            "pl": ("recepty i skierowania z kodami", "terminy wizyt", "konto dziecka"),
            "en": ("prescriptions and referrals with their codes", "dates of visits", "your child's account"),
        },
    )


def _mojeikp(app: str, provider: str) -> Client:
    return _relying(
        "mojeikp",
        app,
        provider,
        name={"pl": "mojeIKP", "en": "mojeIKP"},
        legal_name="Narodowy Fundusz Zdrowia (demonstracja)",
        purpose={
            "pl": "Potwierdzenie, kim jesteś, aby otworzyć w aplikacji Twoje konto pacjenta i przypisać urządzenie.",
            "en": "Confirming who you are, to open your patient account in the app and bind your device to it.",
        },
        offers={
            "pl": ("recepty i skierowania z kodami", "terminy wizyt", "późniejsze wejścia samym urządzeniem"),
            "en": (
                "prescriptions and referrals with their codes",
                "dates of visits",
                "later entries with the device only",
            ),
        },
    )


def _desk(clerk: str) -> Client:
    """The clerks' desk: it asks owners in the app whether they want what a clerk will propose, and for no facts."""
    return Client(
        poreka_reason=True,
        client_id="clerk",
        name={"pl": "Urząd Miasta Lipniki", "en": "Lipniki Town Hall"},
        purpose={"pl": "Potwierdzenie sprawy przy stanowisku.", "en": "Confirming a matter at the desk."},
        redirect_uris=(f"{clerk}/",),
        jwks_uri=f"{clerk}/jwks",
        scopes=frozenset({"openid"}),
        grant_types=frozenset({"authorization_code", BACKCHANNEL}),
        backchannel_token_delivery_mode="ping",
        backchannel_client_notification_endpoint=f"{clerk}/backchannel-notification",
        may_name_pesel=True,
        dpop_required=True,
    )


def _sandbox() -> Client:
    return Client(
        poreka_reason=True,
        client_id="sandbox",
        profile="openid",
        name={"pl": "Piaskownica", "en": "Sandbox"},
        purpose={"pl": "Próby programistów.", "en": "Developers' trials."},
        redirect_uris=LOOPBACK,
        sandbox=True,
        token_endpoint_auth_method="client_secret_basic",
        secret_hash=hashlib.sha256(SANDBOX_SECRET.encode()).hexdigest(),
        scopes=frozenset({"openid", "profile"}),
        claims=frozenset({"given_name", "family_name"}),
    )


def _sandbox_fapi() -> Client:
    return Client(
        poreka_reason=True,
        client_id="sandbox-fapi",
        name={"pl": "Piaskownica FAPI", "en": "FAPI sandbox"},
        purpose={"pl": "Próby programistów.", "en": "Developers' trials."},
        redirect_uris=LOOPBACK,
        sandbox=True,
        jwks={"keys": [public_part(sandbox_key())]},
        scopes=frozenset({"openid", "identity", "profile"}),
        claims=FACTS,
        dpop_required=True,
        userinfo_signed_response_alg="ES256",
    )


def sandbox_configurations(issuer: str) -> tuple[dict[str, object], ...]:
    """What a developer copies into a relying party of their own; the names are those of RFC 7591."""
    redirect_uri = "http://127.0.0.1:3000/callback"
    return (
        {
            "issuer": issuer,
            "client_id": "sandbox",
            "client_secret": SANDBOX_SECRET,
            "token_endpoint_auth_method": "client_secret_basic",
            "redirect_uri": redirect_uri,
            "scope": "openid profile",
            "code_challenge_method": "S256",
            "id_token_signed_response_alg": "ES256",
        },
        {
            "issuer": issuer,
            "client_id": "sandbox-fapi",
            "token_endpoint_auth_method": "private_key_jwt",
            "jwks": {"keys": [sandbox_key()]},
            "redirect_uri": redirect_uri,
            "scope": "openid identity",
            "require_pushed_authorization_requests": True,
            "dpop_bound_access_tokens": True,
            "code_challenge_method": "S256",
            "id_token_signed_response_alg": "ES256",
            "userinfo_signed_response_alg": "ES256",
        },
    )


async def add_clients(bank: System, origin_of: Callable[[str], str], key: str) -> None:
    """Register them, or bring their addresses up to date when the port changed."""
    clients = Clients(bank.database)
    for client in clients_at(origin_of, key):
        known = await clients.by_id(client.client_id)
        if known == client:
            continue
        with suppress(AlreadyThere):
            async with bank.audit.transaction() as (transaction, record):
                if known is None:
                    await transaction.insert(clients.adding(client, bank.clock()))
                else:
                    await clients.replace(transaction, client)
                await record(ClientAdded(person_id=None, client_id=client.client_id))
