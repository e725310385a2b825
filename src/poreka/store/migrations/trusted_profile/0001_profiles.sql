-- Trusted profiles and applications for them; none is ever deleted. An ended one keeps neither name nor PESEL busy.
CREATE TABLE trusted_profiles (
  id TEXT PRIMARY KEY,
  state TEXT NOT NULL,                -- applied | valid | expired | invalidated | lapsed | refused
  first_name TEXT NOT NULL,
  surname TEXT NOT NULL,
  pesel BYTEA NOT NULL,               -- sealed
  pesel_index BYTEA NOT NULL,         -- keyed blind index
  user_name TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  phone TEXT NOT NULL,
  email TEXT NOT NULL,
  email_index TEXT NOT NULL,          -- lower case: how a sign-in by e-mail finds it
  made_by TEXT NOT NULL,              -- the issuer that vouched, or desk
  applied_at BIGINT NOT NULL,
  valid_from BIGINT,
  until BIGINT NOT NULL,              -- an application: to be confirmed before; a profile: valid before
  extended_at BIGINT,
  remind_at BIGINT,                   -- when the owner is next reminded of the end
  locked_at BIGINT,
  ended_at BIGINT,
  ended_by TEXT,
  version BIGINT NOT NULL
);
CREATE INDEX trusted_profiles_by_pesel ON trusted_profiles (pesel_index);
CREATE INDEX trusted_profiles_by_email ON trusted_profiles (email_index) WHERE state = 'valid';
CREATE INDEX trusted_profiles_by_end ON trusted_profiles (until) WHERE state IN ('applied', 'valid');
CREATE INDEX trusted_profiles_by_reminder ON trusted_profiles (remind_at) WHERE state = 'valid';
CREATE UNIQUE INDEX trusted_profiles_one_valid ON trusted_profiles (pesel_index) WHERE state = 'valid';
CREATE UNIQUE INDEX trusted_profiles_names ON trusted_profiles (user_name) WHERE state IN ('applied', 'valid');

-- What a clerk is asked for; the application itself is a profile in the state applied.
CREATE TABLE profile_applications (
  profile_id TEXT PRIMARY KEY,
  number TEXT NOT NULL UNIQUE
);
