"""What makes the pages an app that can be installed: its manifest, its service worker, and a page without a network.

GET /app.webmanifest
GET /sw.js             at the root, because a service worker rules what lies beside and below it
GET /offline           the one page that is kept on the phone; it holds nothing of anybody: `shell.py`
"""
