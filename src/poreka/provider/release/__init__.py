"""The release of the three facts: GET/POST /authorize and everything under /release/{journey}.

`authorize` meets the request and makes a wish of it; `beginning` answers a returning customer at once, others get a
journey. `pages` shows the step a journey stands at, `steps` and `code` take what is sent from those pages, `leave`
ends it without data, `answer` sends the browser back with a code. `standing` is what they load, and how the stored
state is brought up to date. The order of steps is `provider/rules/release.py`. OpenID Connect is known to `authorize`,
`openid_wish`, `answer` and `client_return`, and to `stored`, which reads what the version before wrote.
"""
