"""Forgetting what has expired, in small batches, so that no request ever waits long behind it.

One list says what goes and how long after its time it stays, another which tables are records: never swept, because
what they say goes on being true or must be told later. A test fails for a table that is in neither. A row that was
not swept yet is harmless, because every reader looks at the time itself.
"""

from dataclasses import dataclass

from poreka.rules.warsaw_time import warsaw_day
from poreka.store.database import Database

HOUR, DAY = 3600, 24 * 3600
BATCH = 500


@dataclass(frozen=True, slots=True)
class Forgotten:
    """A table to sweep: its key columns, the column with the time, and for how long after it a row stays."""

    table: str
    key: str
    time: str
    kept_seconds: int


SHARED = (
    Forgotten("used_once", "kind, value", "expires_at", HOUR),  # the hour: see used_once
    Forgotten("journeys", "id", "expires_at", HOUR),
    Forgotten("sessions", "cookie_hash", "ends_at", DAY),  # so that their owner is told that they ended
    Forgotten("password_attempts", "subject_hash", "not_before", 30 * DAY),  # a hundred in a row: see rules/attempts
    Forgotten("limit_counts", "counter, item", "ends_at", 0),
    Forgotten("outbox", "id", "expires_at", 7 * DAY),
)
PROVIDER = (
    Forgotten("pushed_requests", "reference_hash", "expires_at", 0),
    Forgotten("authorization_codes", "code_hash", "expires_at", DAY),  # a replay must still find its grant
    Forgotten("access_tokens", "token_hash", "expires_at", 0),
    Forgotten("refresh_tokens", "token_hash", "expires_at", 0),
    Forgotten("revoked_grants", "grant_id", "expires_at", DAY),
    Forgotten("relying_sign_ins", "grant_id", "expires_at", 0),
    Forgotten("backchannel_requests", "id", "expires_at", DAY),  # so that a late poll learns how it ended
    Forgotten("push_requests", "id", "expires_at", 30 * DAY),  # refusals in a row are counted from them
)
RELYING = (Forgotten("pending_sign_ins", "state_hash", "expires_at", 0),)
PORTAL = (
    Forgotten("kept_forms", "id", "expires_at", 0),
    Forgotten("certificate_hand_overs", "state_hash", "expires_at", 0),
)
MOBYWATEL = (
    Forgotten("enrolments", "id", "expires_at", DAY),  # so that the page still says how one ended
    Forgotten("cross_sign_ins", "id", "expires_at", HOUR),
    Forgotten("asked_requests", "id", "expires_at", 90 * DAY),  # the history in the app
)
MOJEIKP = (
    Forgotten("bindings", "id", "used_at", 400 * DAY),  # long ended; until then its device is told why
    Forgotten("former_secrets", "secret_hash", "at", 400 * DAY),  # so that an old copy is known as one
)

SWEPT = {
    "shared": SHARED,
    "provider": PROVIDER,
    "relying": RELYING,
    "portal": PORTAL,
    "mobywatel": MOBYWATEL,
    "mojeikp": MOJEIKP,
}
"""What is swept in each set of migrations."""

SWEPT_OTHERWISE = {"shared": ("operation_numbers",), "relying": ("federated_sessions",)}
"""Tables that `sweep` empties by a statement of their own, because no column says until when a row stays."""

RECORDS = {
    "shared": ("signing_keys", "audit_lanes", "audit_entries", "operations"),  # keys go by their own plan
    "provider": ("clients", "consents", "consent_texts", "past_keys", "held_tools", "known_subjects"),
    "bank": ("customers", "right_answers", "chosen_tools", "code_cards"),
    "passkeys": ("passkeys",),
    "relying": ("federated_identities",),
    "trusted_profile": ("trusted_profiles", "profile_applications", "profile_proposals"),
    "mobywatel": ("app_people", "devices"),
    "desk": ("clerks", "clerk_keys"),
    "portal": ("profiles", "terms_acceptances", "questions", "orders"),
    "patient_account": ("patient_accounts", "health_records", "guardianships"),
    "register": ("insured",),
    "demo": ("clock", "messages", "sim_cards"),  # a data folder is thrown away whole: --fresh
}
"""What is never swept, in each set of migrations."""


async def sweep(database: Database, parts: tuple[str, ...], now: int, batch: int = BATCH) -> dict[str, int]:
    """Delete one batch at most from each table; returns how many rows went where."""
    gone = {}
    for part in parts:
        for forgotten in SWEPT.get(part, ()):
            gone[forgotten.table] = await database.run(_sql(forgotten), now - forgotten.kept_seconds, batch)
    if "shared" in parts:
        last_kept = warsaw_day(now - DAY).isoformat()
        gone["operation_numbers"] = await database.run(_OLD_NUMBERS, last_kept, batch)
    if "relying" in parts:
        gone["federated_sessions"] = await database.run(_ORPHANS, batch)
    return {table: number for table, number in gone.items() if number}


# A number is unique on its day only, so yesterday's count is needed no more.
_OLD_NUMBERS = (
    "DELETE FROM operation_numbers WHERE (person_id, day) IN"
    " (SELECT person_id, day FROM operation_numbers WHERE day < $1 ORDER BY day LIMIT $2)"
)
# A session's link to the provider's goes when the session, or the journey that parks it, is gone.
_ORPHANS = (
    "DELETE FROM federated_sessions WHERE session_sid IN (SELECT f.session_sid FROM federated_sessions f"
    " LEFT JOIN sessions s ON s.sid = f.session_sid LEFT JOIN journeys j ON j.id = f.session_sid"
    " WHERE s.sid IS NULL AND j.id IS NULL LIMIT $1)"
)


def _sql(forgotten: Forgotten) -> str:
    table, key, time = forgotten.table, forgotten.key, forgotten.time
    expired = f"SELECT {key} FROM {table} WHERE {time} < $1 ORDER BY {time} LIMIT $2"  # noqa: S608
    return f"DELETE FROM {table} WHERE ({key}) IN ({expired})"  # noqa: S608
