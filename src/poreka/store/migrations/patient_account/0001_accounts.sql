-- Patient accounts: one for each PESEL that ever entered (K2). Nothing in them is compared with anything.
CREATE TABLE patient_accounts (
  id TEXT PRIMARY KEY,
  first_name TEXT NOT NULL,
  surname TEXT NOT NULL,
  pesel BYTEA NOT NULL,               -- sealed
  pesel_index BYTEA NOT NULL UNIQUE,  -- keyed blind index
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);

-- What the health service knows of people, whether or not they have an account: found by PESEL only.
CREATE TABLE health_records (
  id TEXT PRIMARY KEY,
  pesel_index BYTEA NOT NULL,
  kind TEXT NOT NULL,                 -- prescription | referral | visit
  at BIGINT NOT NULL,
  record BYTEA NOT NULL               -- sealed JSON
);
CREATE INDEX health_records_by_person ON health_records (pesel_index, kind, at);

-- For whom else somebody may look: a parent for a child.
CREATE TABLE guardianships (
  guardian_index BYTEA NOT NULL,
  ward_id TEXT NOT NULL UNIQUE,       -- a random name for addresses
  ward BYTEA NOT NULL,                -- sealed JSON: names and PESEL
  PRIMARY KEY (guardian_index, ward_id)
);
