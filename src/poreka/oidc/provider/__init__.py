"""The provider's side: deciding what a client may ask, and building what it is answered.

Read in the order of one sign-in: ``authorization_request``, ``pushed_request``, ``requested_level``,
``authorization_code``, ``authorization_response``, ``token_request``, ``tokens``, ``access``, ``userinfo``. Who the
client is, and how it proves that, is in ``oidc/clients``.
"""
