"""What we decide: pure rules, one noun per file.

Nothing here does I/O, reads a clock, draws randomness, logs or awaits: the time (`now`, seconds since the
epoch) and fresh secrets are arguments. A refusal is a value, never an exception. Standards live in `oidc`,
which this package does not know; the order of steps lives in `journeys`.

Where to look first: who may use the service: `eligibility`; what was agreed to: `consent`; the code that
authorises it: `operation`; who may enter the portal: `admission`; how strong a sign-in was: `levels`.
"""
