"""What every system has for the people who use it: help, accessibility, their sessions, their passkeys, notices."""
