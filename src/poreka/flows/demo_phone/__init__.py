"""The demonstration's phones and mailboxes: the pages and the JSON contract.

They exist in the demonstration only; what fills them is `delivery/senders.py`.
"""
