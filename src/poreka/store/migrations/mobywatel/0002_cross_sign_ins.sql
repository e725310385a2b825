-- Sign-ins on another device than the phone, under way: two minutes each.
CREATE TABLE cross_sign_ins (
  id TEXT PRIMARY KEY,
  code_hash BYTEA NOT NULL UNIQUE,    -- keyed
  state TEXT NOT NULL,
  browser BYTEA NOT NULL,
  phone BYTEA,
  device_id TEXT,
  person_id TEXT,
  asked BYTEA NOT NULL,               -- sealed: who asks, from where, and where it leads
  expires_at BIGINT NOT NULL
);
CREATE INDEX cross_sign_ins_by_end ON cross_sign_ins (expires_at);
