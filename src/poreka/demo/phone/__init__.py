"""The demonstration's phones and mailboxes."""
