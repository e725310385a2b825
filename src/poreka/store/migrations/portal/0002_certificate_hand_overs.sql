-- A sign-in with a certificate, between the portal's origin and the one where the browser shows the certificate.

CREATE TABLE certificate_hand_overs (
  state_hash BYTEA PRIMARY KEY,       -- of the secret that the browser takes to the other origin
  browser_hash BYTEA NOT NULL,        -- of the browser that began, on the portal's origin
  target TEXT,                        -- the portal's page to come to in the end; NULL: the panel
  ticket_hash BYTEA UNIQUE,           -- of the secret that it brings back; NULL until a certificate was shown
  record BYTEA,                       -- sealed JSON: what was found there; NULL until then
  expires_at BIGINT NOT NULL
);
CREATE INDEX certificate_hand_overs_by_expiry ON certificate_hand_overs (expires_at);
