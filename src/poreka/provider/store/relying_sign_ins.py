"""Who was signed in where: the sign-ins a withdrawal or a sign-out must tell of.

A row is saved with the authorization code, one for each grant, so that revoking by person and
client reaches a code that was not exchanged yet.
"""

from dataclasses import dataclass

from poreka.store.database import Database, Insert, Row, Transaction, Writer


@dataclass(frozen=True, slots=True, kw_only=True)
class RelyingSignIn:
    """One sign-in at a relying party; `subject` is the pairwise `sub` it knows, `sid` our session's name."""

    grant_id: str
    person_id: str
    client_id: str
    sid: str
    subject: str
    signed_in_at: int
    expires_at: int


@dataclass(frozen=True, slots=True)
class RelyingSignIns:
    """The sign-ins of one provider."""

    database: Database

    def adding(self, sign_in: RelyingSignIn) -> Insert:
        """The row of a sign-in."""
        values = {name: getattr(sign_in, name) for name in RelyingSignIn.__slots__}
        return Insert("relying_sign_ins", values)

    async def of_person_and_client(
        self, person_id: str, client_id: str, within: Transaction | None = None
    ) -> list[RelyingSignIn]:
        """Where a person's consent for a client is in use, newest first; `within` a transaction it is read there."""
        sql = (
            "SELECT * FROM relying_sign_ins WHERE person_id = $1 AND client_id = $2"
            " ORDER BY signed_in_at DESC, grant_id DESC"
        )
        return [_from_row(row) for row in await (within or self.database).all(sql, person_id, client_id)]

    async def of_session(self, sid: str, within: Transaction | None = None) -> list[RelyingSignIn]:
        """Where a session of ours was used, newest first; `within` a transaction it is read there."""
        sql = "SELECT * FROM relying_sign_ins WHERE sid = $1 ORDER BY signed_in_at DESC, grant_id DESC"
        return [_from_row(row) for row in await (within or self.database).all(sql, sid)]

    async def remove(self, writer: Writer, grant_id: str) -> bool:
        """Forget one sign-in; False when it was gone."""
        return await writer.run("DELETE FROM relying_sign_ins WHERE grant_id = $1", grant_id) > 0


def _from_row(row: Row) -> RelyingSignIn:
    return RelyingSignIn(**dict(row))
