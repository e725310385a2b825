-- The words that were agreed to, and the public keys that verify what was signed long ago.

-- One row a text, whoever agreed to it; its key is what the text hashes to, so no row ever changes.
CREATE TABLE consent_texts (
  hash TEXT PRIMARY KEY,              -- SHA-256 in hexadecimal: rules.consent_text.text_hash
  document TEXT NOT NULL              -- JSON: rules.consent_text.ConsentText
);

-- Empty for consents that were given before the words were kept.
ALTER TABLE consents ADD COLUMN text_hash TEXT;
ALTER TABLE consents ADD COLUMN language TEXT;

-- The public halves of keys that sign no more: receipts are verified by them for ever (docs/adr/0018).
CREATE TABLE past_keys (
  kid TEXT PRIMARY KEY,
  algorithm TEXT NOT NULL,
  public_key TEXT NOT NULL,           -- JSON: a public JWK
  used_from BIGINT NOT NULL,
  used_until BIGINT NOT NULL,
  leaked_at BIGINT                    -- since when it proves nothing: somebody else may sign with it
);
