"""The app's back end: it reads an open push request, and brings the person's answer (P3, T5).

docs/app-requests.openapi.yaml is the contract.
"""
