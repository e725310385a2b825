"""The owner's sessions at any system where people stay signed in, and ending those one does not know.

GET  .../sessions              when and with what each began, in what browser, which is this one
POST .../sessions/end          one other session
POST .../sessions/end-others   all others, and whatever is about to become one

Every system lists the three routes under its own settings (`apps/`). What ends with a session is said by each
system: `System.end_session`.
"""
