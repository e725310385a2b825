"""What every system has for everyone, signed in or not: help with a real contact, and its accessibility statement.

GET  /help                    where a system has no page of help of its own
GET  /accessibility           the statement, with the barriers that are known
GET  /accessibility/report    reporting one that is not
POST /accessibility/report
"""
