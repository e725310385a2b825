"""The devices with the phone app that open this account, on the patient account's own pages (K3): `devices.py`.

GET  /account/devices
POST /account/devices/{device}/remove
"""
