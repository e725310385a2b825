"""What we agreed with one provider when we registered there: configuration, decoded from TOML, checked
once.

Two profiles exist (`fapi2`, `openid`); the profile is a promise about the other fields, and a registration
that breaks it does not load. "Works with bank X" means one more of these, never code. Secrets are not part
of it: the driver hands `ClientCredentials` to the functions that need them.
"""

from typing import Literal

import msgspec

from poreka.oidc.algorithms import FAPI2_ALGORITHMS, OPENID_ALGORITHMS

Profile = Literal["fapi2", "openid"]
ClientAuthentication = Literal["private_key_jwt", "client_secret_basic", "client_secret_post"]

EIDAS_LADDER = (
    "http://eidas.europa.eu/LoA/low",
    "http://eidas.europa.eu/LoA/substantial",
    "http://eidas.europa.eu/LoA/high",
)


class ClaimNames(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What this provider calls the three facts; a foreign one may call the PESEL `personIdentifier`, by its
    full URI.
    """

    given_name: str = "given_name"
    family_name: str = "family_name"
    pesel: str = "pesel"


class VerifiedRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What we ask to be verified (OpenID Connect for Identity Assurance 1.0, section 6)."""

    trust_framework: str | None = None
    facts: tuple[Literal["given_name", "family_name", "pesel"], ...] = ("given_name", "family_name", "pesel")


class Registration(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One provider as we registered with it. `acr_ladder` runs from the weakest level to the strongest."""

    issuer: str
    client_id: str
    redirect_uri: str
    profile: Profile = "fapi2"
    client_authentication: ClientAuthentication = "private_key_jwt"
    signing_algorithm: str = "ES256"
    scopes: tuple[str, ...] = ("openid",)
    claims: tuple[Literal["given_name", "family_name", "pesel"], ...] = ()
    verified: VerifiedRequest | None = None
    claim_names: ClaimNames = ClaimNames()
    acr_ladder: tuple[str, ...] = EIDAS_LADDER
    minimum_acr: str | None = None
    use_par: bool = True
    use_dpop: bool = True
    id_token_algorithms: tuple[str, ...] = ("ES256", "EdDSA", "PS256")
    userinfo_algorithms: tuple[str, ...] = ("ES256", "EdDSA", "PS256")
    userinfo_signed_required: bool = True
    post_logout_redirect_uri: str | None = None
    pinged: bool = False
    """Whether the provider tells us when a person whom it asked in the app has answered (CIBA Core, mode ``ping``)."""

    def __post_init__(self) -> None:
        """Refuse a registration whose fields contradict each other; the configuration loader names the
        place.
        """
        if "openid" not in self.scopes:
            raise ValueError("scopes must contain openid")
        if self.minimum_acr is not None and self.minimum_acr not in self.acr_ladder:
            raise ValueError("minimum_acr is not on the acr_ladder")
        allowed = FAPI2_ALGORITHMS if self.profile == "fapi2" else OPENID_ALGORITHMS
        if not {self.signing_algorithm, *self.id_token_algorithms, *self.userinfo_algorithms} <= allowed:
            raise ValueError(f"the profile {self.profile} allows only the algorithms {', '.join(sorted(allowed))}")
        if self.profile == "fapi2":
            self._check_fapi2()
        elif "pesel" in self.requested_facts:
            raise ValueError("only the profile fapi2 may ask for a PESEL")

    def _check_fapi2(self) -> None:
        """FAPI 2.0 Security Profile, section 5.3.3: what a client of that profile always does."""
        if not (self.use_par and self.use_dpop):
            raise ValueError("the profile fapi2 needs use_par and use_dpop")
        if self.client_authentication != "private_key_jwt":
            raise ValueError("the profile fapi2 needs private_key_jwt")

    def acceptable_levels(self, minimum: str) -> tuple[str, ...]:
        """The asked level and every stronger one, the asked one first."""
        return self.acr_ladder[self.acr_ladder.index(minimum) :]

    @property
    def requested_facts(self) -> frozenset[str]:
        """Every fact about a person that we ask for, verified or not."""
        return frozenset(self.claims) | frozenset(self.verified.facts if self.verified else ())


class FreshIds(msgspec.Struct, frozen=True, kw_only=True):
    """Random identifiers for the signed parts of ONE request; never used for a second one, a retry
    included.
    """

    assertion: str
    proof: str
