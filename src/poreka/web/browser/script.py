"""What a page's own script asks for (`web/layout/static/poreka.js`): the same address answers it shortly, in JSON.

Without scripts the same address answers a person's click with a page.
"""

from starlette.requests import Request


def wants_json(request: Request) -> bool:
    """Whether the page's script asks, rather than a person's click."""
    return request.headers.get("accept", "").startswith("application/json")
