"""What a browser brings and where it is sent: its language, its own cookies, the forms of ours it sends, redirects."""
