"""What docs/limits.md lists: the limits that whoever connects something meets, each with the constant that holds it.

`limits.py` reads the values out of the code, so the page cannot say another number than the checks use. A row is:
what is limited, `module:NAME` or `module:Class.field` of the package, the unit, and the settings key that changes it.
"""

Row = tuple[str, str, str, str]


def row(what: str, source: str, unit: str = "s", setting: str = "") -> Row:
    """One limit; `unit` is `s`, `B` (bytes), or a word that follows the number."""
    return what, source, unit, setting


P = "oidc.provider"
ROWS: dict[str, tuple[Row, ...]] = {
    "How long things live": (
        row("a pushed request (`request_uri`), which works once", f"{P}.pushed_request:PUSHED_LIFE"),
        row("a code, which works once", f"{P}.authorization_code:CODE_LIFE"),
        row("an access token", f"{P}.tokens:ACCESS_TOKEN_LIFE"),
        row("an ID Token", f"{P}.tokens:ID_TOKEN_LIFE"),
        row("a refresh token, from the sign-in on, renewed or not", f"{P}.refresh_token:REFRESH_TOKEN_LIFE"),
        row("a signed answer (JARM)", f"{P}.authorization_response:RESPONSE_LIFE"),
        row("a logout token of ours", f"{P}.logout_token:LOGOUT_TOKEN_LIFE"),
        row("how long we try to deliver a logout token", "provider.client_sessions:NOTICE_SECONDS"),
        row("a sign-in that was begun and not finished", "provider.rules.release:RELEASE_SECONDS"),
        row("our signing keys, then the next sign", "oidc.lasting.key_rotation:ROTATE_EVERY"),
        row("a key of ours is published before it signs", "oidc.lasting.key_rotation:PUBLISH_AHEAD"),
        row("a key of ours is published after it signed", "oidc.lasting.key_rotation:RETIRE_AFTER"),
    ),
    "What you sign": (
        row("by how much clocks may differ (`iat`, `nbf` in the future, `exp` in the past)", "oidc.jwt_claims:SKEW"),
        row("how far `exp` of a client assertion may lie ahead", "oidc.clients.authentication:LONGEST_ASSERTION"),
        row("how far `exp` of a request object may lie ahead", f"{P}.request_object:LONGEST_LIFE"),
        row("how old a DPoP proof may be", "oidc.dpop:OLDEST_PROOF"),
        row("how far `exp` of a `login_hint_token` may lie ahead", "oidc.backchannel_authentication:HINT_TOKEN_LIFE"),
        row("how far `exp` of a logout token sent to us may lie ahead", "oidc.relying_party.logout:LONGEST_LIFE"),
        row("a token", "oidc.jose:LARGEST_TOKEN", "B"),
        row("the header of a token", "oidc.jose:LARGEST_HEADER", "B"),
        row("keys in a JWK Set", "oidc.keys:MOST_KEYS", "keys"),
        row("the shortest RSA key", "oidc.keys:SMALLEST_RSA", "bits"),
        row("the longest RSA key", "oidc.keys:LARGEST_RSA", "bits"),
        row("how long we keep what was at your `jwks_uri`; an unknown `kid` makes us look again at once",
            "provider.client_registry:KEYS_KEPT_SECONDS"),
        row("how long a registration that was changed may still count", "provider.client_registry:KEPT_SECONDS"),
        row("the secret before a rotation, unless `--days` says otherwise", "cli.client_secrets:OVERLAP_DAYS", "days"),
    ),
    "Sizes of requests": (
        row("a body", "web.forms:BODY_LIMIT", "B"),
        row("how long a body may take to come", "web.forms:BODY_SECONDS"),
        row("a query", "web.forms:QUERY_LIMIT", "B"),
        row("a parameter of an authorization request", "oidc.parameters:LONGEST_VALUE", "B"),
        row("a value sent to `/par` or `/token`", "provider.endpoints.client_call:LONGEST_VALUE", "B"),
        row("parameters in one request", "oidc.parameters:MOST_PARAMETERS", "parameters"),
        row("`state`", f"{P}.request_parameters:LONGEST_STATE", "characters"),
        row("claims in the parameter `claims`", f"{P}.claims_request:MOST_CLAIMS", "claims"),
        row("`binding_message`", "oidc.backchannel_authentication:LONGEST_MESSAGE", "characters"),
        row("a service's name or purpose", "oidc.clients.client:LONGEST_NAME", "characters"),
        row("lines of `offers` in one language", "oidc.clients.client:MOST_OFFERS", "lines"),
        row("a line of `offers`", "oidc.clients.client:LONGEST_OFFER", "characters"),
    ),
    "What we wait for and take in from you": (
        row("connecting to you", "outgoing.back_channel:CONNECT_SECONDS"),
        row("your whole answer", "outgoing.back_channel:TOTAL_SECONDS"),
        row("the size of your answer", "outgoing.back_channel:LARGEST_ANSWER", "B"),
        row("keeping a foreign provider's discovery document and keys", "relying.provider_documents:FRESH_SECONDS"),
        row("the same while the provider cannot be reached", "relying.provider_documents:STALE_SECONDS"),
    ),
    "People, and asking them": (
        row(
            "a session without activity",
            "web.settings.every_kind:SystemTable.session_idle_seconds",
            "s",
            "system.session_idle_seconds",
        ),
        row("a session in all", "web.settings.every_kind:SystemTable.session_seconds", "s", "system.session_seconds"),
        row("a code by SMS, from its dispatch", "rules.authorising.operation:OperationLimits.code_life"),
        row("wrong codes for one operation", "rules.authorising.operation:OperationLimits.tries", "tries"),
        row("a code sent again", "rules.authorising.operation:OperationLimits.resends", "times"),
        row("between two codes of one operation", "rules.authorising.operation:OperationLimits.seconds_between"),
        row("a question in the bank's app", "rules.authorising.push_request:PushLimits.life", "s", "push.life_seconds"),
        row("between two requests for an answer (CIBA), at least", f"{P}.backchannel_poll:INTERVAL"),
        row("questions of one service to one person", "rules.limits.limits:Limits.questions_by_client",
            "questions a day", "limits.questions_by_client"),
        row("wrong passwords before a lock", "rules.limits.attempts:LOCKED_AT", "tries"),
        row("the lock", "rules.limits.attempts:LOCK"),
        row("names with a wrong password from one network", "rules.limits.limits:Limits.passwords_by_network",
            "names an hour", "limits.passwords_by_network"),
        row("names with a wrong password from one browser", "rules.limits.limits:Limits.passwords_by_browser",
            "names an hour", "limits.passwords_by_browser"),
    ),
}  # fmt: skip
