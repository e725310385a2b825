-- The demonstration's phones and mailboxes, and how far its clock was moved.
CREATE TABLE messages (
  id TEXT PRIMARY KEY,                -- sorts by time
  idempotency_key TEXT NOT NULL UNIQUE,
  channel TEXT NOT NULL,              -- sms | email | letter
  recipient TEXT NOT NULL,            -- phone number or address
  sender TEXT NOT NULL,
  text TEXT NOT NULL,
  sent_at BIGINT NOT NULL
);
CREATE INDEX messages_by_recipient ON messages (recipient, id);

CREATE TABLE clock (
  id BIGINT PRIMARY KEY,
  advanced_seconds BIGINT NOT NULL
);
