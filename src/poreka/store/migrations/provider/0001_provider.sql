-- What an identity provider remembers about relying parties, consents, operations and tokens.

CREATE TABLE clients (
  client_id TEXT PRIMARY KEY,
  document TEXT NOT NULL,             -- JSON: oidc.provider.client.Client
  created_at BIGINT NOT NULL
);

CREATE TABLE pushed_requests (
  reference_hash BYTEA PRIMARY KEY,   -- SHA-256 of the request_uri
  client_id TEXT NOT NULL,
  request TEXT NOT NULL,              -- JSON: AuthorizationRequest
  expires_at BIGINT NOT NULL
);
CREATE INDEX pushed_requests_by_expiry ON pushed_requests (expires_at);

CREATE TABLE authorization_codes (
  code_hash BYTEA PRIMARY KEY,
  client_id TEXT NOT NULL,
  grant_id TEXT NOT NULL,
  person_id TEXT NOT NULL,
  record TEXT NOT NULL,               -- JSON: what the code stands for
  expires_at BIGINT NOT NULL
);
CREATE INDEX authorization_codes_by_expiry ON authorization_codes (expires_at);

CREATE TABLE access_tokens (
  token_hash BYTEA PRIMARY KEY,
  client_id TEXT NOT NULL,
  grant_id TEXT NOT NULL,
  person_id TEXT NOT NULL,
  record TEXT NOT NULL,               -- JSON: AccessToken
  expires_at BIGINT NOT NULL
);
CREATE INDEX access_tokens_by_expiry ON access_tokens (expires_at);

-- A grant is revoked by a row here; a token of a revoked grant is worth nothing.
CREATE TABLE revoked_grants (
  grant_id TEXT PRIMARY KEY,
  revoked_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX revoked_grants_by_expiry ON revoked_grants (expires_at);

-- Who was signed in where: the sign-ins that a withdrawal or a sign-out must tell of.
CREATE TABLE relying_sign_ins (
  grant_id TEXT PRIMARY KEY,
  person_id TEXT NOT NULL,
  client_id TEXT NOT NULL,
  sid TEXT NOT NULL,
  subject TEXT NOT NULL,              -- the pairwise sub the client knows
  signed_in_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX relying_sign_ins_by_person ON relying_sign_ins (person_id, client_id);
CREATE INDEX relying_sign_ins_by_session ON relying_sign_ins (sid);
CREATE INDEX relying_sign_ins_by_expiry ON relying_sign_ins (expires_at);

CREATE TABLE consents (
  id TEXT PRIMARY KEY,
  person_id TEXT NOT NULL,
  client_id TEXT NOT NULL,
  text_version TEXT NOT NULL,
  facts TEXT NOT NULL,                -- JSON array, in the order shown
  level BIGINT NOT NULL,              -- rules.levels.Level
  operation_id TEXT NOT NULL,
  given_at BIGINT NOT NULL,
  withdrawn_at BIGINT,
  replaced_by TEXT                    -- the newer consent that took its place, when it was not withdrawn by the person
);
CREATE INDEX consents_by_person ON consents (person_id, client_id, given_at);
CREATE UNIQUE INDEX consents_one_in_force ON consents (person_id, client_id) WHERE withdrawn_at IS NULL;

