-- Clerks of a desk, and the keys they sign in with. Nothing of a case stands here.
CREATE TABLE clerks (
  id TEXT PRIMARY KEY,
  login TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  office TEXT NOT NULL,
  pesel BYTEA NOT NULL,               -- sealed
  pesel_index BYTEA NOT NULL UNIQUE,  -- keyed blind index: one person is one clerk
  added_at BIGINT NOT NULL,
  blocked_at BIGINT,
  link_hash BYTEA UNIQUE,             -- keyed: the link by which a key is registered, until it was used
  link_until BIGINT
);

-- One row a key; one that ended keeps its row, without its public half.
CREATE TABLE clerk_keys (
  id TEXT PRIMARY KEY,
  clerk_id TEXT NOT NULL,
  key_id TEXT NOT NULL,               -- the credential's id, base64url
  public_key BYTEA,                   -- COSE; NULL once ended
  uses BIGINT NOT NULL,               -- the authenticator's own count (WebAuthn §6.1.1)
  added_at BIGINT NOT NULL,
  used_at BIGINT,
  ended_at BIGINT
);
CREATE UNIQUE INDEX clerk_keys_by_key ON clerk_keys (key_id) WHERE ended_at IS NULL;
CREATE INDEX clerk_keys_by_clerk ON clerk_keys (clerk_id);
