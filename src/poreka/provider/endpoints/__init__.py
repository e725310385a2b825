"""The protocol's endpoints that clients call: pushed requests, tokens, userinfo, introspection, discovery."""
