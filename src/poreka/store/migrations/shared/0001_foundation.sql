-- What every system remembers. Times are seconds since the epoch; JSON is TEXT; sealed = encrypted.

-- The single-use gate: codes, jti, request_uri, proofs. A second row for the same thing cannot exist.
CREATE TABLE used_once (
  kind TEXT NOT NULL,
  value TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (kind, value)
);
CREATE INDEX used_once_by_expiry ON used_once (expires_at);

CREATE TABLE sessions (
  cookie_hash BYTEA PRIMARY KEY,      -- SHA-256 of the cookie
  sid TEXT NOT NULL UNIQUE,           -- the session's public name, as in an ID token
  person_id TEXT NOT NULL,
  auth_time BIGINT NOT NULL,          -- the last proof of who it is
  started_at BIGINT NOT NULL,
  active_at BIGINT NOT NULL,          -- activity last written down
  ends_at BIGINT NOT NULL,            -- when it ends if nothing more happens; moves with activity
  factors TEXT NOT NULL,              -- JSON array of the factors used in this session
  details BYTEA NOT NULL              -- sealed JSON: what a kind of system adds
);
CREATE INDEX sessions_by_person ON sessions (person_id);
CREATE INDEX sessions_by_end ON sessions (ends_at);

CREATE TABLE journeys (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  browser_hash BYTEA NOT NULL,        -- SHA-256 of the browser's cookie: a journey belongs to one browser
  state BYTEA NOT NULL,               -- sealed JSON
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX journeys_by_expiry ON journeys (expires_at);

CREATE TABLE password_attempts (
  subject_hash BYTEA PRIMARY KEY,     -- keyed hash of the name that was typed, whether it exists or not
  failures BIGINT NOT NULL,
  not_before BIGINT NOT NULL          -- no try is looked at before
);
CREATE INDEX password_attempts_by_time ON password_attempts (not_before);

CREATE TABLE signing_keys (
  kid TEXT PRIMARY KEY,
  algorithm TEXT NOT NULL,
  private_key BYTEA NOT NULL,         -- sealed JWK
  state TEXT NOT NULL,                -- next | current | retired
  since BIGINT NOT NULL
);
-- One key of an algorithm signs and one waits, however many workers make one at the same moment.
CREATE UNIQUE INDEX signing_keys_one_in_use ON signing_keys (algorithm, state) WHERE state <> 'retired';

-- Messages that must go out: written with what they tell of, sent afterwards, at least once.
CREATE TABLE outbox (
  id TEXT PRIMARY KEY,
  channel TEXT NOT NULL,              -- sms | email | logout
  recipient BYTEA NOT NULL,           -- sealed
  body BYTEA NOT NULL,                -- sealed
  about TEXT NOT NULL,                -- what it belongs to, e.g. operation:ID:SENDING
  created_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,             -- while a worker sends it, the end of that worker's lease
  expires_at BIGINT NOT NULL,         -- not worth sending after this
  attempts BIGINT NOT NULL,
  dispatched_at BIGINT,
  failed_at BIGINT,
  failure TEXT
);
CREATE INDEX outbox_due ON outbox (due_at) WHERE dispatched_at IS NULL AND failed_at IS NULL;
CREATE INDEX outbox_about ON outbox (about);
CREATE INDEX outbox_by_expiry ON outbox (expires_at);

-- The audit log: lanes of hash-chained entries (docs/adr/0004). Each writing process has lanes of its own.
CREATE TABLE audit_lanes (
  number BIGINT PRIMARY KEY,
  lane TEXT NOT NULL UNIQUE,
  opened_at BIGINT NOT NULL,
  hash BYTEA NOT NULL
);
CREATE TABLE audit_entries (
  lane TEXT NOT NULL,
  number BIGINT NOT NULL,
  at BIGINT NOT NULL,
  event TEXT NOT NULL,
  person_id TEXT,
  details TEXT NOT NULL,
  hash BYTEA NOT NULL,
  PRIMARY KEY (lane, number)
);
CREATE INDEX audit_entries_by_person ON audit_entries (person_id, at);
CREATE INDEX audit_entries_by_time ON audit_entries (at);

CREATE TABLE operations (
  id TEXT PRIMARY KEY,
  person_id TEXT NOT NULL,
  day TEXT NOT NULL,                  -- YYYY-MM-DD in Warsaw
  number BIGINT NOT NULL,
  journey_id TEXT NOT NULL,
  purpose TEXT NOT NULL,
  state TEXT NOT NULL,
  code_hash BYTEA NOT NULL,           -- keyed hash bound to the operation; empty once it has ended
  attempts BIGINT NOT NULL,
  resends BIGINT NOT NULL,
  issued_at BIGINT NOT NULL,
  code_issued_at BIGINT NOT NULL,
  dispatched_at BIGINT,
  expires_at BIGINT NOT NULL,
  UNIQUE (person_id, day, number)
);
CREATE INDEX operations_by_journey ON operations (journey_id);
CREATE INDEX operations_open ON operations (expires_at) WHERE state = 'issued';

-- The last operation number of each person and day: the next one is drawn by a single statement.
CREATE TABLE operation_numbers (
  person_id TEXT NOT NULL,
  day TEXT NOT NULL,
  last BIGINT NOT NULL,
  PRIMARY KEY (person_id, day)
);
CREATE INDEX operation_numbers_by_day ON operation_numbers (day);
