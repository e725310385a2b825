"""What is sent out: a worker takes messages from the outbox and hands each to the sender of its channel.

Messages are written with what they tell of (`store/outbox.py`) and sent afterwards, at least once.
"""
