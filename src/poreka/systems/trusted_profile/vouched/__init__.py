"""The trusted profile as a relying party: people come back from the bank or Envelo that vouches for them (T1, T3).

POST /sign-in/{journey}/provider/{provider}   off to the provider, for a sign-in: `set_out.py`
GET  /callback/{provider}                     back: into the profile, or on to making one: `come_back.py`
     whose profile it is: `whose.py`; another surname than the profile's waits for the owner's tool: `linking.py`

That the provider's session has ended is heard in `systems/trusted_profile/backchannel_logout.py`.
"""
