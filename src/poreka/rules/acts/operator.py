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
    Act(
        name="choose_tool_by_operator",
        changes="another tool answers operations; one that was blocked comes back and waits",
        protection=Protection.OPERATOR,
        why="for a customer whose present tool says nothing any more, identified in the bank's own way",
        told=(Told("tools.notice.changed", Addresses.PRESENT),),
    ),
    Act(
        name="send_card_by_operator",
        changes="a card of codes is posted; where it is the first one it opens nothing before a waiting time is over",
        protection=Protection.OPERATOR,
        why="a card goes to the address that the bank knows, in a letter",
        told=(Told("tools.notice.added", Addresses.PRESENT),),
    ),
    Act(
        name="add_app_by_operator",
        changes="the bank's app may answer operations, once a waiting time is over",
        protection=Protection.OPERATOR,
        why="for a customer who shows the app at a branch; no other tool said so, so it waits",
        told=(Told("tools.notice.added", Addresses.PRESENT),),
    ),
    Act(
        name="block_tool_by_operator",
        changes="a tool answers no more, what waits for it ends",
        protection=Protection.OPERATOR,
        why="for a customer who has lost it, or from whom it was taken",
        told=(Told("tools.notice.blocked", Addresses.PRESENT),),
    ),
)
