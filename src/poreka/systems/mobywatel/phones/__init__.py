"""The person's phones, in the app: which there are, and removing one that was lost or given away.

GET  /phones
POST /phones/{device}/remove   `removal.py`
POST /phones/push              waking this phone by push messages: `notifications.py`

The provider that enrolled a removed phone is told, and tells the owner by its own means.
"""
