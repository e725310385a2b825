"""The relying side of OpenID Connect: ask a provider who a person is, and believe only what was checked.

Every step is a pair: a function that builds a request, and one that processes the answer. Nothing here
sends, waits, reads a clock or draws randomness: the driver does that (`outgoing/back_channel.py`). Nothing
assumes who the provider is.

Read in this order: `registration`, `provider_metadata`, `authorization`, `callback`, `token`, `userinfo`,
`logout`.
"""
