"""What became of a message, as the SMS gateway that has it reports: /message-report/{gateway}/{message}/{proof}.

SMPP centres report over their own connection: `delivery/smpp_connection.py`.
"""
