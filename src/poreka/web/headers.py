"""The headers every answer carries: nothing is cached, framed, sniffed or scripted from elsewhere.

`form-action` names schemes rather than origins, because browsers apply it to the redirects that
follow a sent form, and a sign-in crosses origins by design.
"""

_ALWAYS = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; manifest-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' {targets}"
)


def security_headers(*, https: bool, demo: bool = False) -> list[tuple[bytes, bytes]]:
    """The headers of a system that is reached by https, or on loopback in the demonstration.

    There no browser is told to remember https: the same names are served over http tomorrow.
    """
    headers = dict(_ALWAYS)
    targets = "https: http://*.localhost:* http://localhost:* http://127.0.0.1:*" if demo or not https else "https:"
    headers["content-security-policy"] = _POLICY.format(targets=targets)
    if https and not demo:
        headers["strict-transport-security"] = "max-age=63072000; includeSubDomains"
    return [(name.encode(), value.encode()) for name, value in headers.items()]
