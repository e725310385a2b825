"""The person's phones, in the app: which there are, and removing one that was lost or given away.

GET  /phones
POST /phones/{device}/remove

The provider that enrolled it is told, and tells the owner by its own means: `removal.py`.
"""
