-- Passkeys with which people sign in. One row a key; one that ended keeps its row, without its public half and its name.
CREATE TABLE passkeys (
  id TEXT PRIMARY KEY,                -- sorts by time
  person_id TEXT NOT NULL,
  key_id TEXT NOT NULL,               -- the credential's id, base64url
  name TEXT NOT NULL,                 -- as its owner calls it; empty once ended
  public_key BYTEA,                   -- COSE; NULL once ended
  uses BIGINT NOT NULL,               -- the authenticator's own count (WebAuthn §6.1.1)
  may_sync BOOLEAN NOT NULL,          -- backup eligibility: fixed when the key is made (WebAuthn §6.1.3)
  synced BOOLEAN NOT NULL,            -- backup state, as of its last use
  added_at BIGINT NOT NULL,
  used_at BIGINT,
  ended_at BIGINT
);
CREATE UNIQUE INDEX passkeys_by_key ON passkeys (key_id) WHERE ended_at IS NULL;
CREATE INDEX passkeys_by_person ON passkeys (person_id, id);
