"""What makes the pages an app that can be installed: manifest, service worker, and the page for when there is no network.

GET /app.webmanifest
GET /sw.js             at the root, because a service worker rules what lies beside and below it
GET /offline           the one page that is kept on the phone; it holds nothing of anybody: `shell.py`
"""
