-- Whom a relying party knows under which sub, and the requests by which it asks people in the app (CIBA).

-- A sub is a keyed hash and cannot be turned back into a person: this is how a hint finds one.
CREATE TABLE known_subjects (
  client_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  person_id TEXT NOT NULL,
  PRIMARY KEY (client_id, subject)
);

CREATE TABLE backchannel_requests (
  id_hash BYTEA PRIMARY KEY,          -- SHA-256 of the auth_req_id
  id TEXT NOT NULL UNIQUE,
  client_id TEXT NOT NULL,
  operation_id TEXT UNIQUE,           -- NULL: nobody was asked, which the client is not told
  record BYTEA NOT NULL,              -- sealed JSON: what was asked, of whom
  interval_seconds BIGINT NOT NULL,
  next_poll_at BIGINT NOT NULL,
  used_at BIGINT,
  expires_at BIGINT NOT NULL
);
CREATE INDEX backchannel_requests_by_expiry ON backchannel_requests (expires_at);
