"""Acts at whoever relies: the portal, the patient account, mojeIKP (`table.py`).

Who somebody is, another one says; what is done with it here has rows of its own.
"""

from poreka.rules.acts.act import Act, Addresses, Protection, Told, act

RELYING = (
    act("choose_provider", "a sign-in at the provider begins", Protection.NOTHING, "the provider decides"),
    act("forget_provider", "a choice remembered on the device", Protection.NOTHING, "it is a convenience"),
    act(
        "come_back_signed_in",
        "a session or an entry begins",
        Protection.JOURNEY,
        "the provider vouches for this browser; all the facts there are must be the person's",
    ),
    act(
        "enter_step", "an entry goes a step on", Protection.JOURNEY, "on the ground of what was proven in this browser"
    ),
    act("end_false_profile", "an unproven profile ends", Protection.JOURNEY, "proven at substantial in this browser"),
    act("sign_out_at_provider", "the provider is asked to sign out", Protection.JOURNEY, "begun by a sign-out here"),
    act(
        "end_sessions_here",
        "other sessions of one's own end, and entries that are about to become one",
        Protection.SESSION,
        "it takes power away and gives none; the provider's own session is the provider's",
    ),
    act("hear_of_logout", "sessions that rest on it end", Protection.CLIENT, "the provider signs the token"),
    act(
        "hear_of_answer",
        "it is noted that somebody answered in the app",
        Protection.CLIENT,
        "the provider shows the token of the question; the answer itself is fetched and checked",
    ),
    # Portal profiles
    act("register_profile", "an untrusted profile", Protection.JOURNEY, "a code to the mailbox; it proves no identity"),
    act("sign_in_to_portal", "a session begins", Protection.NOTHING, "login and password, counted; low level only"),
    act(
        "sign_in_to_portal_with_passkey",
        "a session begins",
        Protection.DEVICE_KEY,
        "the key with its owner's own check, over a challenge of this page, once; low level only",
    ),
    act("begin_portal_recovery", "a code to the mailbox", Protection.NOTHING, "nothing tells whether there is one"),
    act("recover_portal_password", "the password; all sessions end", Protection.JOURNEY, "the code from the mailbox"),
    act("begin_step_up", "a sign-in at a stronger provider begins", Protection.SESSION, "the provider decides"),
    act(
        "change_settings",
        "the phone, and whether information comes electronically; a code to a new address",
        Protection.PASSWORD_AGAIN,
        "for phone and address; who has no password here came through a provider, and recovers nothing by e-mail",
    ),
    Act(
        name="change_email",
        changes="the address by which a password is recovered",
        protection=Protection.SESSION,
        why="the present password was typed for it, and the code went to the new address",
        words="portal.act.email",
        bound=("email",),
        told=(Told("portal.mail.email_changed"), Told("portal.mail.email_new", Addresses.PRESENT)),
        pauses_recovery=True,
    ),
    # Passkeys
    act("prove_for_passkey", "a sign-in at the provider begins", Protection.SESSION, "the provider decides"),
    Act(
        name="add_portal_passkey",
        changes="a passkey opens a session",
        protection=Protection.FRESH_SIGN_IN,
        why="with the key one is in ever after; a provider vouched at substantial minutes ago, and within the pause"
        " after another address nothing is added, so that an earlier address is told",
        told=(Told("passkeys.notice.added", Addresses.PRESENT),),
    ),
    Act(
        name="remove_portal_passkey",
        changes="a passkey opens nothing more, and what it opened ends",
        protection=Protection.SESSION,
        why="it takes power away and gives none; whoever lost a device must be quick",
        told=(Told("passkeys.notice.ended", Addresses.PRESENT),),
    ),
    # Orders and questions
    act("file_order", "a draft of an application", Protection.SESSION, "it counts after it is signed"),
    act("reject_order", "a draft ends", Protection.SESSION, "it gives nobody anything"),
    act(
        "sign_order",
        "an application is signed",
        Protection.SESSION,
        "signed at the provider, which shows what is signed",
    ),
    act(
        "come_back_signed", "an application is filed", Protection.JOURNEY, "the provider's signature over this document"
    ),
    act("report_barrier", "a message to the operator", Protection.NOTHING, "it changes nothing of anybody; counted"),
    act("ask_question", "a question is filed", Protection.SESSION, "it changes nothing of the person"),
    # Patient account
    act("choose_whom", "whose records are shown", Protection.SESSION, "looked at anew on every page"),
    act(
        "remove_bound_device", "a device opens the account no more", Protection.SESSION, "takes power away, gives none"
    ),
    act("note_entry", "an entry by the app is written down", Protection.CLIENT, "the app's back end proves who it is"),
)
