"""`poreka demo --walk`: every journey played over real HTTP, by people who know only what a browser shows.

The list is `journeys.py`; what a journey is given, `walk.py`; what people do in many of them, `ways.py`.
"""
