-- Every secret that a bound device had before its present one: which of them may still open it, and which are spent.
CREATE TABLE former_secrets (
  secret_hash BYTEA PRIMARY KEY,
  binding TEXT NOT NULL,
  pin_hash TEXT,                      -- gone once it is spent
  spent BIGINT NOT NULL,              -- 0 while no later secret was seen: the answer with it may have been lost
  at BIGINT NOT NULL
);
CREATE INDEX former_secrets_by_binding ON former_secrets (binding, spent);
CREATE INDEX former_secrets_by_time ON former_secrets (at);
INSERT INTO former_secrets (secret_hash, binding, pin_hash, spent, at)
  SELECT former_secret_hash, id, former_pin_hash, 0, used_at FROM bindings
  WHERE former_secret_hash IS NOT NULL AND ended_at IS NULL;
DROP INDEX bindings_by_former_secret;
ALTER TABLE bindings DROP COLUMN former_secret_hash;
ALTER TABLE bindings DROP COLUMN former_pin_hash;
