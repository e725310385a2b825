"""Acts on valid profiles, four eyes (T6): one clerk proposes, another one decides.

GET, POST /profiles                      the one valid profile of a whole PESEL: `profile.py`
GET  /profiles/{profile}                 its facts, and what can be proposed
GET, POST /profiles/{profile}/{act}      invalidation, death, change: `proposing.py`
POST /profiles/{profile}/ask …           the owner is asked in the app first: `asking.py`
GET  /proposals, /proposals/{proposal}   what is open: `proposals.py`
POST /proposals/{proposal}/approve, …/reject
"""
