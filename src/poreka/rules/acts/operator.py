"""Acts of operators, at their own command line (`table.py`).

Whoever asked for it was identified in the office's own way before. Each leaves an entry in the audit log.
"""

from poreka.rules.acts.act import Act, Addresses, Protection, Told

OPERATOR = (
    Act(
        name="end_sessions_by_operator",
        changes="one or all sessions of a person end, what is about to become one too, relying parties are told",
        protection=Protection.OPERATOR,
        why="for somebody who cannot reach their own list",
        told=(Told("sessions.notice.ended", Addresses.PRESENT),),
    ),
    Act(
        name="end_passkeys_by_operator",
        changes="no passkey of the person opens anything more; what they opened ends",
        protection=Protection.OPERATOR,
        why="for somebody who cannot reach their own list",
        told=(Told("passkeys.notice.ended_all", Addresses.PRESENT),),
    ),
    Act(
        name="lock_profile_by_operator",
        changes="a trusted profile vouches for nobody; all its sessions end",
        protection=Protection.OPERATOR,
        why="for an owner who cannot sign in; only a new profile, proven anew, takes its place",
        told=(Told("trusted.mail.locked"),),
    ),
    Act(
        name="close_profile_by_operator",
        changes="a portal profile ends for good; all its sessions end",
        protection=Protection.OPERATOR,
        why="for an owner who asks for it, or a profile that is not its owner's",
        told=(Told("profiles.mail.closed_operator"),),
    ),
)
