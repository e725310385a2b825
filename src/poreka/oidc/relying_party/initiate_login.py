"""Somebody else asks us to begin a sign-in (OpenID Connect Core 1.0, section 4): as a rule the provider.

This is how "bank first" works. The asking party may choose only *which* of our providers to ask and *which
of our own pages* to come to afterwards. Who the person is comes only from the answer to our own request;
`login_hint` is therefore ignored.
"""

from collections.abc import Mapping, Sequence

import msgspec

from poreka.oidc.parameters import ParameterRefused, Parameters
from poreka.oidc.relying_party.addresses import read_address
from poreka.oidc.relying_party.faults import LoginRequestRefused
from poreka.oidc.relying_party.registration import Registration


class InitiatedLogin(msgspec.Struct, frozen=True, kw_only=True):
    """A sign-in we may begin; `target` is an absolute address on our own origin, or None for the usual
    first page.
    """

    registration: Registration
    target: str | None


def check_initiated_login(
    parameters: Sequence[tuple[str, str]], registrations: Mapping[str, Registration], own_origin: str
) -> InitiatedLogin:
    """Check a request to our `initiate_login_uri`; `registrations` are keyed by issuer."""
    try:
        values = Parameters.of_pairs(parameters)
        issuer, target = values.get("iss"), values.get("target_link_uri")
    except ParameterRefused as refused:
        raise LoginRequestRefused(refused.description, detail=refused.detail) from refused
    registration = registrations.get(issuer or "")
    if registration is None:
        raise LoginRequestRefused("This provider is not known here.", detail="iss is missing or unknown")
    return InitiatedLogin(registration=registration, target=check_own_page(target, own_origin) if target else None)


def check_own_page(target: str, own_origin: str) -> str:
    """A page of our own, said as an absolute address; anything that a browser could read otherwise is
    refused.
    """
    try:
        page = read_address(target)
    except ValueError as wrong:
        raise LoginRequestRefused("The page to come to is not one of ours.", detail=str(wrong)) from None
    if page.origin != read_address(own_origin).origin:
        raise LoginRequestRefused("The page to come to is not one of ours.", detail="another origin")
    # "//other.example" would become another host if anyone ever redirected to the bare path.
    if page.path.startswith("//"):
        raise LoginRequestRefused("The page to come to is not one of ours.", detail="path begins with //")
    return target
