-- The portal's profiles, what their owners accepted, and forms that outlive a session.

CREATE TABLE profiles (
  id TEXT PRIMARY KEY,
  state TEXT NOT NULL,                -- untrusted | trusted | closed
  first_name TEXT NOT NULL,
  surname TEXT NOT NULL,
  pesel BYTEA NOT NULL,               -- sealed
  pesel_index BYTEA NOT NULL,         -- keyed blind index
  login TEXT UNIQUE,                  -- only self-registered profiles have one
  password_hash TEXT,
  phone TEXT,
  email TEXT NOT NULL,
  terms_version TEXT NOT NULL,
  electronic_information BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL,
  trusted_at BIGINT,
  trusted_by TEXT,                    -- the issuer that vouched
  closed_at BIGINT,
  last_entry_at BIGINT,
  version BIGINT NOT NULL
);
CREATE INDEX profiles_by_pesel ON profiles (pesel_index);
CREATE UNIQUE INDEX profiles_one_per_person ON profiles (pesel_index) WHERE state <> 'closed';

CREATE TABLE terms_acceptances (
  profile_id TEXT NOT NULL,
  terms_version TEXT NOT NULL,
  boxes TEXT NOT NULL,                -- JSON array of the boxes that were ticked
  accepted_at BIGINT NOT NULL,
  PRIMARY KEY (profile_id, terms_version, accepted_at)
);

-- A form that was sent after its session had ended: kept for the same person and browser.
CREATE TABLE kept_forms (
  id TEXT PRIMARY KEY,
  browser_hash BYTEA NOT NULL,
  person_id TEXT NOT NULL,
  form TEXT NOT NULL,
  fields BYTEA NOT NULL,              -- sealed JSON
  expires_at BIGINT NOT NULL
);
CREATE INDEX kept_forms_by_browser ON kept_forms (browser_hash, person_id);
CREATE INDEX kept_forms_by_expiry ON kept_forms (expires_at);

CREATE TABLE questions (
  id TEXT PRIMARY KEY,
  profile_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  body BYTEA NOT NULL,                -- sealed
  asked_at BIGINT NOT NULL
);
CREATE INDEX questions_by_profile ON questions (profile_id, asked_at);
