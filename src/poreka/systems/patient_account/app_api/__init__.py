"""What the patient account answers the back end of its phone app (K3, K4): docs/patient-account.openapi.yaml.

POST /app/entries                              a provider vouched for somebody there: whose account it is
POST /app/accounts/{account}/entries           a bound device opened it: `entries.py`
POST /app/accounts/{account}/copied            a bound device was ended: a copy of it turned up
GET  /app/accounts/{account}                   for whom one may look, and how much there is
GET  /app/accounts/{account}/records/{kind}
GET  /app/accounts/{account}/history           `reading.py`

The caller is known by a secret of the settings; whoever it says it acts for is its own responsibility, as a sign-in is.
"""
