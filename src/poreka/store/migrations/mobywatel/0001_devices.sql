-- People whose phones are enrolled, their phones, enrolments under way, and what providers asked.
CREATE TABLE app_people (
  id TEXT PRIMARY KEY,
  customer TEXT NOT NULL,             -- by which name the provider that enrolled them knows them
  first_name TEXT NOT NULL,
  surname TEXT NOT NULL,
  pesel BYTEA NOT NULL,               -- sealed
  pesel_index BYTEA NOT NULL UNIQUE,  -- keyed blind index
  enrolled_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX app_people_by_customer ON app_people (customer);

-- One row a phone; a removed one stays for the history, without its key and its push subscription.
CREATE TABLE devices (
  id TEXT PRIMARY KEY,
  person_id TEXT NOT NULL,
  name TEXT NOT NULL,
  key_id TEXT NOT NULL,               -- the credential's id, base64url
  public_key BYTEA,                   -- COSE; NULL once removed
  uses BIGINT NOT NULL,               -- the authenticator's own count (WebAuthn §6.1.1)
  added_at BIGINT NOT NULL,
  used_at BIGINT,
  removed_at BIGINT,
  subscription BYTEA                  -- sealed: where and how a push message reaches it
);
CREATE UNIQUE INDEX devices_by_key ON devices (key_id) WHERE removed_at IS NULL;
CREATE INDEX devices_by_person ON devices (person_id, added_at);

CREATE TABLE enrolments (
  id TEXT PRIMARY KEY,
  asker TEXT NOT NULL,
  code_hash BYTEA NOT NULL UNIQUE,    -- keyed
  state TEXT NOT NULL,
  offered_to BYTEA NOT NULL,          -- sealed: whose phone it will be
  browser BYTEA,
  key_id TEXT,
  device BYTEA,                       -- sealed: the new key and the phone's name, until it is confirmed
  expires_at BIGINT NOT NULL
);
CREATE INDEX enrolments_by_end ON enrolments (expires_at);

CREATE TABLE asked_requests (
  id TEXT PRIMARY KEY,
  asker TEXT NOT NULL,
  person_id TEXT NOT NULL,
  document BYTEA NOT NULL,            -- sealed: what the provider sent
  state TEXT NOT NULL,                -- as far as it is known here
  received_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  ended_at BIGINT,
  device_id TEXT                      -- which phone answered
);
CREATE INDEX asked_requests_by_person ON asked_requests (person_id, received_at);
CREATE INDEX asked_requests_by_end ON asked_requests (expires_at);
