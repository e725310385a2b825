"""The release of the three facts: GET/POST /authorize and everything under /release/{journey}.

`authorize` meets the request; a returning customer is answered at once, others get a journey.
`pages` shows the step a journey stands at, `steps` and `code` take what is sent from those pages, `leave`
ends it without data, `answer` sends the browser back with a code. `standing` is what they load,
and how the stored state is brought up to date. The order of steps is `provider/rules/release.py`.
"""
