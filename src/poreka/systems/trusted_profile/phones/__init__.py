"""The phones with which the owner of a profile approves, at the profile (T4).

GET, POST /profile/devices                      which there are; one more: `phones.py`, `adding.py`
GET, POST /profile/devices/{device}/remove      gone at once: lost, sold, not mine: `phones.py`
GET  /profile/devices/new/{journey}             its code, then the number that it shows: `adding.py`
POST /profile/devices/new/{journey}/…           code, number, cancel
POST /app/devices/removed                       the app's back end tells of one that was removed there: `told.py`

The phones themselves are known to the app's back end only (`registry_over_http.py`); here is whether push may be
chosen, and what of it the owner is told: `keeping.py`.
"""
