"""Keys of phones, clerks and people: what the browser is asked for (WebAuthn Level 3), and the check of what it brings.

A key is discoverable, made for this origin's host only, and every use of it needs the owner's own check on the
device (PIN, finger, face: the flag UV); which device made it is not asked (attestation none). Checked each time: kind,
challenge, origin, host, user verification, signature, and the authenticator's count, which may only grow. The
library does the parsing and the cryptography. Whatever fails one of these checks raises `PasskeyRefused`.
"""

import base64
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import msgspec
from webauthn import verify_authentication_response, verify_registration_response
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import CredentialDeviceType

ALGORITHMS = (COSEAlgorithmIdentifier.ECDSA_SHA_256, COSEAlgorithmIdentifier.EDDSA, COSEAlgorithmIdentifier(-257))
LONGEST = 4096
KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,1400}")  # base64url of at most 1023 bytes (WebAuthn §5.8.3)
TIMEOUT_MILLISECONDS = 120_000


class PasskeyRefused(Exception):
    """The credential that the browser sent proves nothing; the message is for the log and holds nothing of the key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """A key that was just made; `may_sync` and `synced` are its backup flags (§6.1.3)."""

    key_id: str
    public_key: bytes
    uses: int
    may_sync: bool
    synced: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyUse:
    """What a right assertion says: the authenticator's new count, and the backup flags."""

    uses: int
    may_sync: bool
    synced: bool


def host_of(origin: str) -> str:
    """The relying party's id of an origin: its host (WebAuthn §5.1.2)."""
    return urlsplit(origin).hostname or ""


def options_to_create(origin: str, system: str, handle: str, name: str, known: list[str]) -> str:
    """The JSON for `navigator.credentials.create`, without the challenge.

    A device that holds one of the `known` keys makes no second one.
    """
    options: dict[str, Any] = {
        "rp": {"id": host_of(origin), "name": system},
        "user": {"id": bytes_to_base64url(handle.encode()), "name": name, "displayName": name},
        "pubKeyCredParams": [{"type": "public-key", "alg": int(one)} for one in ALGORITHMS],
        "excludeCredentials": [{"type": "public-key", "id": one} for one in known],
        "authenticatorSelection": {
            "residentKey": "required",
            "requireResidentKey": True,
            "userVerification": "required",
        },
        "attestation": "none",
        "timeout": TIMEOUT_MILLISECONDS,
    }
    return msgspec.json.encode(options).decode()


def options_to_use(origin: str, allowed: list[str]) -> str:
    """The JSON for `navigator.credentials.get`, without the challenge.

    When `allowed` is empty, the person chooses among all keys that were made for this host.
    """
    options: dict[str, Any] = {
        "rpId": host_of(origin),
        "allowCredentials": [{"type": "public-key", "id": one} for one in allowed],
        "userVerification": "required",
        "timeout": TIMEOUT_MILLISECONDS,
    }
    return msgspec.json.encode(options).decode()


def check_new_key(credential: str, challenge: bytes, origin: str) -> NewKey:
    """The key, if it was made for this challenge at this origin by its owner's own check; raises `PasskeyRefused`."""
    document = _document(credential)
    try:
        verified = verify_registration_response(
            credential=document,
            expected_challenge=challenge,
            expected_rp_id=host_of(origin),
            expected_origin=origin,
            require_user_verification=True,
            supported_pub_key_algs=list(ALGORITHMS),
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as fault:
        raise PasskeyRefused(f"no new key: {type(fault).__name__}") from fault
    return NewKey(
        key_id=bytes_to_base64url(verified.credential_id),
        public_key=verified.credential_public_key,
        uses=verified.sign_count,
        may_sync=verified.credential_device_type is CredentialDeviceType.MULTI_DEVICE,
        synced=verified.credential_backed_up,
    )


def key_used(credential: str) -> str:
    """The id of the key that an assertion says it was made with; raises `PasskeyRefused`."""
    key_id = _document(credential).get("id")
    if not isinstance(key_id, str) or not KEY_ID.fullmatch(key_id):
        raise PasskeyRefused("an assertion without a key")
    return key_id


def owner_said(credential: str) -> str:
    """The owner's handle that `options_to_create` gave to the authenticator (§5.2.2); raises `PasskeyRefused`."""
    try:
        return _bytes(_document(credential)["response"]["userHandle"]).decode()
    except (ValueError, KeyError, TypeError) as fault:
        raise PasskeyRefused("an assertion that names no owner") from fault


def check_use(credential: str, challenge: bytes, origin: str, public_key: bytes, uses: int) -> int:
    """`checked_use`, for callers that need the authenticator's new count only."""
    return checked_use(credential, challenge, origin, public_key, uses).uses


def checked_use(credential: str, challenge: bytes, origin: str, public_key: bytes, uses: int) -> KeyUse:
    """The new count and the backup flags; raises `PasskeyRefused` unless this key signed this challenge here."""
    document = _document(credential)
    try:
        verified = verify_authentication_response(
            credential=document,
            expected_challenge=challenge,
            expected_rp_id=host_of(origin),
            expected_origin=origin,
            credential_public_key=public_key,
            credential_current_sign_count=uses,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as fault:
        raise PasskeyRefused(f"no assertion: {type(fault).__name__}: {fault}"[:200]) from fault
    return KeyUse(
        uses=verified.new_sign_count,
        may_sync=verified.credential_device_type is CredentialDeviceType.MULTI_DEVICE,
        synced=verified.credential_backed_up,
    )


def check_evidence(credential: str, challenge: bytes, key_id: str, public_key: str) -> None:
    """Check an assertion that another system took; raises `PasskeyRefused` unless the key of `key_id` made it.

    The other system checked origin and count. Here the origin is taken from the assertion itself, and any count will
    do; challenge, signature and the owner's own check are checked again.
    """
    if key_used(credential) != key_id:
        raise PasskeyRefused("an assertion of another key")
    try:
        client_data = _document(credential)["response"]["clientDataJSON"]
        origin = str(msgspec.json.decode(_bytes(client_data), type=dict[str, Any])["origin"])
        key = _bytes(public_key)
    except (ValueError, KeyError, TypeError, RecursionError) as fault:  # msgspec's and binascii's are ValueErrors
        raise PasskeyRefused(f"no assertion: {type(fault).__name__}") from fault
    check_use(credential, challenge, origin, key, 0)


def _document(credential: str) -> dict[str, Any]:
    if len(credential) > LONGEST:
        raise PasskeyRefused("longer than any credential")
    try:
        document = msgspec.json.decode(credential.encode("utf-8", "replace"), type=dict[str, Any])
    except (msgspec.DecodeError, RecursionError):
        raise PasskeyRefused("not a credential") from None
    return document


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def key_text(public_key: bytes) -> str:
    """A public key as it stands in documents: base64url."""
    return bytes_to_base64url(public_key)
