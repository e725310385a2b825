"""The provider's side: deciding what a client may ask, and building what it is answered.

Read in the order of one sign-in: ``client``, ``client_authentication``, ``authorization_request``,
``pushed_request``, ``authentication_needs``, ``authorization_response``, ``authorization_code``,
``token_request``, ``tokens``, ``access``, ``userinfo``.
"""
