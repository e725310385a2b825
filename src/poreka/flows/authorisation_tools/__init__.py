"""The customer's authorisation tools: which there are, changing the current one, and losing one (P3).

What an operation is, and how it is asked, is in `web/authorising.py`; the order of a change in
`journeys/tool_change.py`.
"""
