"""What the back end of the phone app answers the patient account about bound devices (K3): `bound.py`.

GET  /bound?account=…          an account's devices
POST /bound/{device}/remove    the device opens nothing when this is answered
"""
