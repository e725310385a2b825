-- The bank's own customers (the embedded directory; a real bank connects its own).
CREATE TABLE customers (
  id TEXT PRIMARY KEY,
  customer_number TEXT NOT NULL UNIQUE,
  password_hash TEXT NOT NULL,
  identifier_kind TEXT NOT NULL,      -- pesel | document
  identifier BYTEA NOT NULL,          -- sealed; two of its characters are asked at sign-in
  right_answers BIGINT NOT NULL,      -- how often they were given rightly: the next positions follow from it
  first_name TEXT NOT NULL,
  surname TEXT NOT NULL,
  pesel BYTEA,                        -- sealed; NULL when the bank has none
  pesel_index BYTEA,                  -- keyed blind index
  phone TEXT,
  email TEXT,
  identity_verified BOOLEAN NOT NULL,
  account_role TEXT NOT NULL,         -- owner | co_owner | authorised | none
  sms_active BOOLEAN NOT NULL,
  opened_by_transfer BOOLEAN NOT NULL,
  sim_replaced_at BIGINT,
  details TEXT NOT NULL               -- JSON: what only some banks have
);
CREATE INDEX customers_by_pesel ON customers (pesel_index);
