"""Acts at the trusted profile (`table.py`).

Own operations come first: their rows are carried out by `systems/trusted_profile/operation/deeds.py`.
"""

from poreka.rules.acts.act import Act, Addresses, Protection, Told, act

OPERATION = Protection.OWN_OPERATION
MAKES_OWNER = "whoever does it can become the owner in the eyes of every service"

DEEDS = (
    Act(
        name="sign_in",
        changes="the session has two factors from now on",
        protection=OPERATION,
        why="it opens what is inside",
        words="trusted.deed.sign_in",
    ),
    Act(
        name="extend",
        changes="the profile is valid for three more years",
        protection=OPERATION,
        why="a profile that was to end goes on",
        words="trusted.deed.extend",
        told=(Told("trusted.mail.extended"),),
    ),
    Act(
        name="phone",
        changes="the number to which codes go",
        protection=OPERATION,
        why=MAKES_OWNER,
        words="trusted.act.phone",
        bound=("phone",),
        told=(Told("trusted.mail.phone_changed"),),
        pauses_recovery=True,
    ),
    Act(
        name="email",
        changes="the address by which a password is recovered",
        protection=OPERATION,
        why=MAKES_OWNER,
        words="trusted.act.email",
        bound=("email",),
        told=(
            Told("trusted.mail.email_changed_old"),
            Told("trusted.mail.email_changed_new", Addresses.PRESENT),
        ),
        pauses_recovery=True,
    ),
    Act(
        name="password",
        changes="the password",
        protection=OPERATION,
        why="the present password and the tool",
        words="trusted.deed.password",
        told=(Told("trusted.mail.password_changed"),),
    ),
    Act(
        name="invalidate",
        changes="the profile ends for good; all sessions end",
        protection=OPERATION,
        why="the end and a new profile together have the effect of another phone and address",
        words="trusted.deed.invalidate",
        told=(Told("trusted.mail.invalidated"),),
    ),
    Act(
        name="device",
        changes="a phone may be enrolled",
        protection=OPERATION,
        why="a phone answers operations; " + MAKES_OWNER,
        words="trusted.deed.device",
    ),
    Act(
        name="recovery",
        changes="a recovery may set a new password",
        protection=OPERATION,
        why="the mailbox alone must not be enough",
        words="trusted.deed.recovery",
    ),
    Act(
        name="link",
        changes="a session begins, and a bank's person is known to be the owner",
        protection=OPERATION,
        why="the bank knows another surname, so the owner's own tool says the rest",
        words="trusted.deed.link",
    ),
)
"""The acts that are own operations (`systems/trusted_profile/operation`)."""

TRUSTED_PROFILE = (
    *DEEDS,
    act("ask_own_operation", "an SMS or a question in the app", Protection.SESSION, "sent to one's own tool only"),
    act(
        "answer_own_operation",
        "the deed that waits is done, or is not",
        Protection.SESSION,
        "the deed was kept before with its own row; the answer counts for it alone, in this session and browser",
    ),
    act(
        "answer_operation_of_nobody",
        "the deed that waits is done, or is not",
        Protection.JOURNEY,
        "as in a session; the ground is a proven mailbox or a bank's word, in the same browser",
    ),
    # Making a profile
    act(
        "begin_profile_at_provider",
        "a sign-in at the provider begins",
        Protection.FRESH_SIGN_IN,
        "what is made becomes the person in the eyes of every service, so the bank asks anew",
    ),
    act("begin_application", "a journey of this browser", Protection.NOTHING, "a clerk decides"),
    act("make_profile_step", "a profile in the making goes a step on", Protection.JOURNEY, "nothing is valid yet"),
    Act(
        name="make_profile",
        changes="there is a valid profile, or an application for one",
        protection=Protection.JOURNEY,
        why="a new word of the bank no older than five minutes, codes to the phone and the mailbox; a clerk otherwise",
        told=(
            Told("trusted.mail.made", Addresses.PRESENT),
            Told("trusted.mail.applied", Addresses.PRESENT),
            Told("trusted.mail.made_anew", Addresses.FORMER_PROFILE),
        ),
        pauses_recovery=True,
    ),
    # A forgotten password
    act(
        "begin_recovery",
        "a code to the mailbox of the profile",
        Protection.NOTHING,
        "nothing tells whether there is one",
    ),
    Act(
        name="recover_password",
        changes="the password; all sessions end",
        protection=Protection.JOURNEY,
        why="the code from the mailbox and the answer of the tool, neither changed within the pause",
        told=(Told("trusted.mail.password_recovered"),),
    ),
    # Through providers
    act("sign_in_through_provider", "a sign-in at the provider begins", Protection.JOURNEY, "the provider decides"),
    act(
        "come_back_from_provider",
        "a session, or a profile in the making, begins",
        Protection.JOURNEY,
        "the provider vouches at substantial for this browser, and all the facts are the owner's",
    ),
    act("hear_of_provider_logout", "sessions that rest on it end", Protection.CLIENT, "the provider signs the token"),
    # Ends
    Act(
        name="lock_profile",
        changes="the profile vouches for nobody; all sessions end",
        protection=Protection.STRONG_SESSION,
        why="whoever notices a thief must be quick, and only a new profile, proven anew, takes its place",
        told=(Told("trusted.mail.locked"),),
    ),
    act(
        "end_profile_sessions",
        "other sessions of one's own end, what is about to become one too, relying parties are told",
        Protection.STRONG_SESSION,
        "as at a bank, inside",
    ),
    # Contact data
    act(
        "ask_contact", "a code to a new number or address", Protection.STRONG_SESSION, "counted; nothing changes by it"
    ),
    act("try_contact", "a deed waits", Protection.STRONG_SESSION, "by the code; the acts `phone` and `email` follow"),
    # Phones
    act("begin_device", "a wish to add a phone", Protection.STRONG_SESSION, "the act `device` follows"),
    act(
        "enrol_device", "a phone is added", Protection.STRONG_SESSION, "the act `device` was authorised in this browser"
    ),
    act(
        "remove_device",
        "a phone answers no more",
        Protection.STRONG_SESSION,
        "it takes power away; codes by SMS wait a day",
    ),
    act("hear_of_removed_device", "a phone answers no more", Protection.CLIENT, "the app's back end proves who it is"),
    # Tools and consents, with both factors
    act("report_profile_tool_lost", "a tool answers no more", Protection.STRONG_SESSION, "as at a bank, inside"),
    act("undo_profile_tool_loss", "a blocked tool answers again", Protection.STRONG_SESSION, "as at a bank, inside"),
    act("change_profile_tool", "another tool answers operations", Protection.STRONG_SESSION, "as at a bank, inside"),
    act(
        "withdraw_profile_consent",
        "a service gets the facts no more",
        Protection.STRONG_SESSION,
        "as at a bank, inside",
    ),
    act("verify_signature", "nothing", Protection.NOTHING, "a file is read and told about; it is not kept"),
    # What the desk asks
    act("list_cases", "a look is written down", Protection.CLIENT, "the desk proves who it is and names its clerk"),
    act("look_at_case", "a look is written down in the owner's history", Protection.CLIENT, "as above"),
    act("decide_application", "an application is valid or refused", Protection.CLIENT, "the clerk's act at the desk"),
    act("propose_act", "an act on a profile waits for another clerk", Protection.CLIENT, "the clerk's act at the desk"),
    act("approve_act", "an act on a profile is done", Protection.CLIENT, "the second clerk's act at the desk"),
    act("reject_act", "an act on a profile is not done", Protection.CLIENT, "the second clerk's act at the desk"),
)
