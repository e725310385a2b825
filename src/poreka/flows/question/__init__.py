"""Asking the office a question, and the questions asked before (Z7: the way to ask for help).

GET  /question   the form and the list; what was kept from an ended session stands in the form again
POST /question   file the question
"""
