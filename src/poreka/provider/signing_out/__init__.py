"""Ending a session of ours: by its owner (`sign_out`), or because a relying party asks for it (`asked`).

Either way the relying parties that were entered from the session are told. The protocol's checks are
`oidc/provider/end_session.py`.
"""
