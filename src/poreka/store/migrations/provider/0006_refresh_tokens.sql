-- Refresh tokens, by hash. One that was used names its successor; a grant's are as good as the grant.
CREATE TABLE refresh_tokens (
  token_hash BYTEA PRIMARY KEY,
  client_id TEXT NOT NULL,
  grant_id TEXT NOT NULL,
  person_id TEXT NOT NULL,
  record TEXT NOT NULL,        -- JSON: what was granted, and what the tokens are bound to
  successor_hash BYTEA,        -- NULL while it was never used
  expires_at BIGINT NOT NULL
);
CREATE INDEX refresh_tokens_by_expiry ON refresh_tokens (expires_at);
