"""The e-services of a portal: those that there are, with their addresses, and those that come later.

Named as their texts are (`portal.catalogue.…`). The catalogue lists them, the panel counts them, the search finds them.
"""

EXISTING_SERVICES = {"certificate": "/orders/new", "question": "/question", "settings": "/settings"}
TO_COME = ("insurance", "contributions", "benefits", "payments", "applications", "documents", "visits")
CATALOGUE = "/catalogue"
