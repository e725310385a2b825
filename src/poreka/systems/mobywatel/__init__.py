"""The phone app: the back end of push requests, and a provider whose people sign in by phone."""
