"""The trusted profile as desks call it (T1, T6): what clerks see, and what they decide. The rules are decided here.

POST /desk/applications, /desk/applications/{number}…             what waits: `applications.py`, `decisions.py`
POST /desk/profiles, /desk/profiles/{profile}…                    valid profiles: `profiles.py`
POST /desk/profiles/{profile}/proposals, /desk/proposals…         four eyes: `proposals.py`, `approval.py`

Everything is a POST, so that no PESEL is ever part of an address. docs/desk.openapi.yaml is the contract.
"""
