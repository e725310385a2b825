"""Information for everyone, signed in or not, and the search through it (Z1, Z7).

GET /help, /regulations, /site-map
GET /notices        notices to everyone
GET /notices.rss    the same as RSS 2.0
GET /search         for those signed in: pages by the words in their names
"""
