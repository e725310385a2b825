"""Acts at the phone app, mojeIKP and the demonstration's own pages (`table.py`).

The phone app's back end proves itself as a program; on the phone the phone's own key does the rest.
"""

from poreka.rules.acts.act import Protection, act

APP = (
    # The back end
    act("tell_app", "a question in somebody's app", Protection.CLIENT, "the provider proves who it is"),
    act("offer_enrolment", "a phone may be enrolled by a code", Protection.CLIENT, "the provider's owner has said yes"),
    act(
        "confirm_enrolment",
        "a phone is enrolled",
        Protection.CLIENT,
        "the number travelled back to the provider's page",
    ),
    act("give_up_enrolment", "a phone is not enrolled", Protection.CLIENT, "it gives nobody anything"),
    act("remove_phones", "phones answer no more", Protection.CLIENT, "the provider proves who it is"),
    # Enrolling
    act("begin_enrolment", "an enrolment is shown", Protection.NOTHING, "the code is counted, and lives for minutes"),
    act("take_phone_key", "a phone has a key", Protection.JOURNEY, "the number on the phone travels back to the owner"),
    # Opening
    act("open_app", "a session on the phone", Protection.DEVICE_KEY, "the phone's key"),
    act("begin_elsewhere", "a code on a screen", Protection.NOTHING, "nobody is signed in by it"),
    act(
        "finish_elsewhere", "a session on another device", Protection.JOURNEY, "approved on the phone, in this browser"
    ),
    act("find_elsewhere", "a question is shown on the phone", Protection.SESSION, "the code of the screen"),
    act("approve_elsewhere", "a session on another device", Protection.DEVICE_KEY, "the phone's key, for this screen"),
    act("refuse_elsewhere", "no session on another device", Protection.SESSION, "it gives nobody anything"),
    act("approve_request", "an operation is answered", Protection.DEVICE_KEY, "the phone's key, for this question"),
    act("refuse_request", "an operation is refused", Protection.SESSION, "it gives nobody anything"),
    act("subscribe", "where the phone is told of questions", Protection.SESSION, "notices name nobody and nothing"),
    act("remove_own_phone", "a phone answers no more", Protection.SESSION, "it takes power away and gives none"),
    # mojeIKP
    act("bind_device", "a device opens the account without a provider", Protection.SESSION, "begun by a fresh entry"),
    act("open_bound", "a session", Protection.DEVICE_KEY, "the device's secret with its key or PIN"),
    act("unbind_device", "a device opens the account no more", Protection.SESSION, "it takes power away, gives none"),
    act("unbind_for_account", "a device opens the account no more", Protection.CLIENT, "the account proves who it is"),
    # The demonstration
    act("demonstrate", "what the demonstration shows", Protection.NOTHING, "refused outside the demonstration"),
)
