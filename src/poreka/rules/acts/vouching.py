"""Acts at whoever vouches: a bank, the trusted profile, the phone app as a provider (`table.py`).

Where one factor is enough at a bank, the trusted profile has a row of its own that asks for two.
"""

from poreka.rules.acts.act import Act, Addresses, Protection, Told, act

VOUCHING = (
    # Programs
    act("push_request", "a relying party's request is kept for a minute", Protection.CLIENT, "it releases nothing"),
    act(
        "give_tokens",
        "a code is used up for tokens",
        Protection.CLIENT,
        "the person has agreed; the code is bound to the client, its key and its browser's journey",
    ),
    act(
        "release_facts", "a look at the facts is written down", Protection.CLIENT, "the access token is bound to a key"
    ),
    act("revoke_token", "a token ends", Protection.CLIENT, "a client gives its own token back"),
    act("ask_about_token", "nothing but the log", Protection.CLIENT, "a client asks about its own token"),
    act(
        "report_message", "how far a message came", Protection.CLIENT, "the address holds a proof the gateway was given"
    ),
    act(
        "answer_in_app",
        "an operation is answered",
        Protection.DEVICE_KEY,
        "the back end of the app proves who it is, and the person has answered with the phone's key",
    ),
    act(
        "ask_without_browser",
        "a question in the owner's app",
        Protection.CLIENT,
        "only for services the owner has agreed to; the owner's answer decides",
    ),
    # The release of the three facts
    act(
        "begin_release", "a journey of this browser", Protection.NOTHING, "nothing is released without the steps in it"
    ),
    act(
        "agree_to_release",
        "a consent waits for its operation",
        Protection.JOURNEY,
        "the person has signed in for this journey; the consent counts after the operation only",
    ),
    act(
        "begin_release_operation", "an SMS or a question in the app", Protection.JOURNEY, "sent to one's own tool only"
    ),
    act(
        "authorise_release",
        "the facts go to a service, the consent is kept",
        Protection.JOURNEY,
        "the right answer of the tool the person has now, bound to service and facts; or a remembered consent",
    ),
    act("change_release_step", "the step at which a release stands", Protection.JOURNEY, "nothing is released by it"),
    act("leave_release", "a journey ends; the service is told no or the code", Protection.JOURNEY, "what was decided"),
    # Signing in and out
    act("begin_sign_in", "a journey of this browser", Protection.NOTHING, "nobody is signed in by it"),
    act(
        "sign_in_with_password",
        "a session begins",
        Protection.JOURNEY,
        "name and password, counted; what is stronger than the password's level asks for a tool each time",
    ),
    act(
        "sign_in_with_passkey",
        "a session begins",
        Protection.DEVICE_KEY,
        "the key with its owner's own check, over a challenge of this page, once",
    ),
    act(
        "extend_session",
        "a session's end moves, never past its longest life",
        Protection.SESSION,
        "one keeps one's own",
    ),
    act(
        "sign_out", "one's session ends, relying parties are told", Protection.SESSION, "it takes nothing from anybody"
    ),
    act(
        "end_own_sessions",
        "other sessions of one's own end, what is about to become one too, relying parties are told",
        Protection.SESSION,
        "it takes power away and gives none; whoever fears a stranger inside must be quick",
    ),
    act(
        "sign_out_for_service",
        "one's session ends, relying parties are told",
        Protection.JOURNEY,
        "asked for by a service, answered by the person in the same browser",
    ),
    act("enter_service", "a sign-in at a service begins", Protection.SESSION, "the release asks for all it takes"),
    # Tools and consents
    act(
        "report_tool_lost",
        "a tool answers no more",
        Protection.PASSWORD_AGAIN,
        "it must be quick; the tools that are left wait before they count, and all addresses are told (docs/adr/0032)",
    ),
    act(
        "undo_tool_loss",
        "a tool that a password alone reported lost answers again, and what waited because of it waits no more",
        Protection.SESSION,
        "begins a journey in which the blocked tool itself answers rightly; all addresses are told",
    ),
    act(
        "connect_app",
        "the bank's app answers operations",
        Protection.SESSION,
        "begins a journey in which a tool that is ready says yes and the app answers; with the password alone the app"
        " waits a day; all addresses are told",
    ),
    act(
        "change_tool",
        "another tool answers operations",
        Protection.SESSION,
        "begins a journey in which the present tool says yes; all addresses are told",
    ),
    act(
        "answer_tool_change", "another tool answers operations", Protection.SESSION, "by the answer of the present tool"
    ),
    act(
        "withdraw_consent",
        "a service gets the facts no more, its sessions end",
        Protection.SESSION,
        "withdrawing must be as easy as giving (GDPR art. 7(3)); nothing is gained by it",
    ),
    # Passkeys
    act(
        "begin_passkey",
        "a passkey may be made, one, in this browser",
        Protection.SESSION,
        "begins a journey in which the present tool says yes: with the key one is in ever after",
    ),
    Act(
        name="add_passkey",
        changes="a passkey opens a session",
        protection=Protection.SESSION,
        why="in the journey that the present tool permitted a moment ago; by SMS and by e-mail the customer is told",
        told=(Told("passkeys.notice.added", Addresses.PRESENT),),
    ),
    Act(
        name="remove_passkey",
        changes="a passkey opens nothing more, and what it opened ends",
        protection=Protection.SESSION,
        why="it takes power away and gives none; whoever lost a device must be quick",
        told=(Told("passkeys.notice.ended", Addresses.PRESENT),),
    ),
    act("download_receipt", "a download is written down", Protection.SESSION, "one's own receipt, read only"),
)
