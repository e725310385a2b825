"""A code by e-mail or SMS for a journey of nobody yet: sent, typed, sent again, and its page."""
