-- Devices bound to patient accounts: one row a binding. An ended one keeps its row so that its device is told why.
CREATE TABLE bindings (
  id TEXT PRIMARY KEY,
  account TEXT NOT NULL,              -- the account's id at the patient account
  owner BYTEA NOT NULL,               -- sealed: the name that the device shows
  name TEXT NOT NULL,                 -- the device's
  issuer TEXT NOT NULL,               -- who vouched when it was bound, and for which subject
  subject TEXT NOT NULL,
  tool TEXT NOT NULL,                 -- passkey | pin
  secret_hash BYTEA NOT NULL,         -- of the device's own cookie; changes with every opening
  former_secret_hash BYTEA,           -- the one before: the answer with the new one may have been lost
  pin_hash TEXT,                      -- argon2id over PIN and cookie
  former_pin_hash TEXT,
  key_id TEXT,                        -- the credential's id, base64url
  public_key BYTEA,                   -- COSE
  uses BIGINT NOT NULL,               -- the authenticator's own count
  tries BIGINT NOT NULL,              -- wrong PINs in a row
  added_at BIGINT NOT NULL,
  used_at BIGINT NOT NULL,
  ended_at BIGINT,
  ended_by TEXT
);
CREATE UNIQUE INDEX bindings_by_secret ON bindings (secret_hash);
CREATE INDEX bindings_by_former_secret ON bindings (former_secret_hash);
CREATE INDEX bindings_by_account ON bindings (account, added_at);
CREATE INDEX bindings_by_subject ON bindings (issuer, subject);
CREATE INDEX bindings_by_use ON bindings (used_at);
