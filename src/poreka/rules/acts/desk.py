"""Acts of clerks at a desk (`table.py`).

What the trusted profile does on their word stands in `trusted_profile.py`.
"""

from poreka.rules.acts.act import Act, Addresses, Protection, Told, act

DESK = (
    act("begin_clerk_key", "a clerk's link is shown", Protection.NOTHING, "the link's code is a secret of 256 bits"),
    act("take_clerk_key", "a clerk has a key", Protection.JOURNEY, "the code of the link, used once"),
    act("clerk_signs_in", "a clerk's session begins", Protection.DEVICE_KEY, "the key with its PIN or fingerprint"),
    act("end_clerk_sessions", "other sessions of the clerk's own end", Protection.CLERK, "it takes power away"),
    act("find_case", "a look is written down", Protection.CLERK, "one at a time, by a number that was told"),
    Act(
        name="confirm_application",
        changes="an application is valid or refused",
        protection=Protection.CLERK,
        why="the clerk sees the person and the document, and signs with the key; two for shared data and a share",
        told=(
            Told("trusted.mail.confirmed", Addresses.PRESENT),
            Told("trusted.mail.made_anew", Addresses.FORMER_PROFILE),
        ),
    ),
    act("refuse_application", "an application is refused", Protection.CLERK, "signed with the clerk's key"),
    act("ask_owner_in_app", "a question in the owner's app", Protection.CLERK, "the owner's answer decides"),
    act(
        "propose_at_desk",
        "an act on a profile waits for another clerk",
        Protection.CLERK,
        "signed with the clerk's key",
    ),
    act("approve_at_desk", "an act on a profile is done", Protection.FOUR_EYES, "signed by a second clerk's key"),
    act("reject_at_desk", "an act on a profile is not done", Protection.FOUR_EYES, "signed by a second clerk's key"),
)
