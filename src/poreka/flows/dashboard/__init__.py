"""The panel of a signed-in person, its tabs, and the pages that its tiles and menu lead to (Z7).

GET /dashboard          the tab "general": tiles, notices, the way to ask for help
GET /dashboard/{tab}    insured, payer, beneficiary: for those who are
GET /documents          messages, and documents to receive
GET /family, /catalogue, /visits
"""
