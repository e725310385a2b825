"""The app's back end as providers call it: their requests (T5), and the phones of their people (T4).

POST /requests                                 a push request: `requests.py`
POST /enrolments, GET and POST /enrolments/…   enrolling a phone: `enrolments.py`
GET  /devices, POST /devices/{device}/remove   the phones there are: `devices.py`

docs/app-requests.openapi.yaml and docs/phone-devices.openapi.yaml are the contracts.
"""
