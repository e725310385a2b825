-- What customers authorise with, where it is not the default, and their cards of one-time codes.
CREATE TABLE chosen_tools (
  person_id TEXT PRIMARY KEY,
  tool TEXT NOT NULL                  -- sms | card
);

CREATE TABLE code_cards (
  id TEXT PRIMARY KEY,                -- sorts by time
  person_id TEXT NOT NULL,
  serial TEXT NOT NULL UNIQUE,        -- printed on the card
  next_code BIGINT NOT NULL,          -- the number asked for next; codes themselves are computed, not stored
  codes BIGINT NOT NULL,
  blocked BOOLEAN NOT NULL,
  sent_at BIGINT NOT NULL
);
CREATE INDEX code_cards_by_person ON code_cards (person_id, id);
