-- What waits for its owner's signature, with the document and, afterwards, the statement of the signature.

CREATE TABLE orders (
  id TEXT PRIMARY KEY,
  profile_id TEXT NOT NULL,
  number TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL,                -- waiting | authorised | rejected | lapsed
  record BYTEA NOT NULL,              -- sealed JSON: summary, name and content of the document
  statement BYTEA,                    -- sealed; NULL until it was signed
  statement_id TEXT UNIQUE,           -- no statement serves twice
  made_at BIGINT NOT NULL,
  lapses_at BIGINT NOT NULL,
  ended_at BIGINT
);
CREATE INDEX orders_by_profile ON orders (profile_id, made_at);
