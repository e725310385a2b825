"""Signing in to the bank (P9, P10): GET /sign-in and everything under /sign-in/{journey}.

`begin` starts a sign-in and remembers what for, `pages` shows the page it stands at, `steps` takes the customer
number, `check` the password, `passkey` a passkey in place of all that; `entering` is the end of both. `question`
decides which two characters are asked for, `web/browser/own_path.py` where a sign-in may lead. No one-time code is
ever asked for here (P5).
"""
