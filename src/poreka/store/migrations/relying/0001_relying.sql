-- What a relying party remembers of the providers it relies on.

CREATE TABLE pending_sign_ins (
  state_hash BYTEA PRIMARY KEY,
  browser_hash BYTEA NOT NULL,
  issuer TEXT NOT NULL,
  record BYTEA NOT NULL,              -- sealed JSON: nonce, verifier, DPoP key, where to go next
  expires_at BIGINT NOT NULL
);
CREATE INDEX pending_sign_ins_by_expiry ON pending_sign_ins (expires_at);

-- Which person a provider's `sub` is, and the sessions that rest on that provider.
CREATE TABLE federated_identities (
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  person_id TEXT NOT NULL,
  first_seen BIGINT NOT NULL,
  last_seen BIGINT NOT NULL,
  PRIMARY KEY (issuer, subject)
);
CREATE INDEX federated_identities_by_person ON federated_identities (person_id);

CREATE TABLE federated_sessions (
  session_sid TEXT PRIMARY KEY,       -- sessions.sid
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  provider_sid TEXT,
  id_token BYTEA NOT NULL             -- sealed; the hint for RP-initiated logout
);
CREATE INDEX federated_sessions_by_provider ON federated_sessions (issuer, provider_sid);
CREATE INDEX federated_sessions_by_subject ON federated_sessions (issuer, subject);
