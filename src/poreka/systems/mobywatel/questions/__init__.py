"""What providers ask, on the phone (T5): what waits, one question, its answer, and what was asked before.

GET  /                             what waits; the page looks again by itself, so it works without a push service
GET  /requests/{request}           one question: `question.py`
POST /requests/{request}/approve   with the number from the provider's page, signed by the phone's key: `answer.py`
POST /requests/{request}/refuse
GET  /history                      `waiting.py`
"""
