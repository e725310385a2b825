"""Building what every provider has besides its people: the protocol's stores and keys, and who tells relying parties.

Read next: `routes.py` for what it answers.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from poreka.delivery.sender import SendingFailed
from poreka.delivery.senders import LogoutNotice, LogoutSender
from poreka.oidc.provider.logout_token import logout_token
from poreka.oidc.provider.request_parameters import Supported
from poreka.oidc.relying_party.exchange import form_post, json_from
from poreka.oidc.relying_party.faults import ProviderFault
from poreka.outgoing.back_channel import BackChannel, PeerFault
from poreka.provider.client_registry import ClientRegistry
from poreka.provider.release.answer import REPLY_KINDS
from poreka.provider.store.access_tokens import AccessTokens
from poreka.provider.store.authorisation_tools import AuthorisationTools
from poreka.provider.store.authorization_codes import AuthorizationCodes
from poreka.provider.store.clients import Clients
from poreka.provider.store.consent_texts import ConsentTexts
from poreka.provider.store.consents import Consents
from poreka.provider.store.grants import Grants
from poreka.provider.store.known_subjects import KnownSubjects
from poreka.provider.store.push_requests import PushRequests
from poreka.provider.store.pushed_requests import PushedRequests
from poreka.provider.store.refresh_tokens import RefreshTokens
from poreka.provider.store.relying_sign_ins import RelyingSignIns
from poreka.provider.store.right_answers import RightAnswers
from poreka.provider.system import Bank
from poreka.rules.levels import Level
from poreka.running.foundation import Foundation
from poreka.running.mutual_tls import build_mutual_tls
from poreka.running.running import own_keys
from poreka.store.past_keys import PastKeys
from poreka.web.settings.every_kind import CommonSettings

SCOPES = frozenset({"openid", "identity", "profile"})


def notice_channels(settings: CommonSettings, *offered: str) -> tuple[str, ...]:
    """Of these ways to write to people those that there are: e-mail takes a sender, which the demonstration has."""
    mailed = settings.system.demo or settings.email.sender == "smtp"
    return tuple(channel for channel in offered if channel != "email" or mailed)


def vouching_parts(
    base: Foundation, parts: Mapping[str, Any], back_channel: BackChannel, levels: tuple[Level, ...], app_secret: str
) -> dict[str, Any]:
    """What every provider has besides its people: the protocol's stores and keys; `levels` it can vouch at."""
    database = base.database
    past_keys, clients = PastKeys(database), Clients(database)
    origin, acr_values = base.settings.system.origin, tuple(level.acr for level in levels)
    return {
        "supported": Supported(issuer=origin, scopes=SCOPES, acr_values=acr_values),
        "mutual_tls": build_mutual_tls(base),
        "key_ring": own_keys(base, parts["audit"], past_keys),
        "past_keys": past_keys,
        "registry": ClientRegistry(clients, partial(_fetch_keys, back_channel)),
        "clients": clients,
        "pushed_requests": PushedRequests(database),
        "codes": AuthorizationCodes(database),
        "tokens": AccessTokens(database),
        "refresh_tokens": RefreshTokens(database),
        "grants": Grants(),
        "relying_sign_ins": RelyingSignIns(database),
        "consents": Consents(database),
        "consent_texts": ConsentTexts(database),
        "app_requests": PushRequests(database),
        "known_subjects": KnownSubjects(database),
        "app_secret": app_secret,
        "tools": AuthorisationTools(database),
        "right_answers": RightAnswers(database),
        "reply_kinds": REPLY_KINDS,
    }


def logout_sender(bank: Bank, back_channel: BackChannel) -> LogoutSender:
    """Who tells relying parties that a session has ended (OpenID Connect Back-Channel Logout 1.0)."""
    return LogoutSender(partial(_logout_token, bank), partial(_post, back_channel))


def _logout_token(bank: Bank, notice: LogoutNotice) -> str:
    return logout_token(
        issuer=bank.origin,
        client_id=notice.client_id,
        subject=notice.subject,
        sid=notice.sid,
        jti=bank.fresh.id(),
        key=bank.key_ring.signing("ES256"),
        now=bank.clock(),
    )


async def _post(back_channel: BackChannel, url: str, form: dict[str, str]) -> int:
    try:
        return (await back_channel.send(form_post(url, form, {}))).status
    except PeerFault as fault:
        raise SendingFailed(f"the relying party cannot be reached: {fault}") from fault


async def _fetch_keys(back_channel: BackChannel, url: str) -> Mapping[str, Any] | None:
    try:
        answer = await back_channel.get(url)
        return json_from(answer.body, "keys") if answer.status == 200 else None
    except (PeerFault, ProviderFault):
        return None
