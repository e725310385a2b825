"""What we decide: pure rules, one noun per file.

What holds for everyone is here; what one room decides is in that room's own `rules`: `provider/rules`,
`systems/portal/rules`. All of them are listed in `docs/rules.md`. Nothing in a room of rules does I/O, reads a clock,
draws randomness, logs or awaits: the time (`now`, seconds since the epoch) and fresh secrets are arguments. A refusal
is a value, never an exception. Standards live in `oidc`, which this package does not know.

Where to look first: the engine of all journeys: `journey`; the code that authorises something:
`authorising/operation`; how strong a sign-in was: `levels`.
"""
