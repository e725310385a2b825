-- What clerks decided about applications, and what they propose for valid profiles until another clerk has decided.
ALTER TABLE profile_applications ADD COLUMN decided_at BIGINT;
ALTER TABLE profile_applications ADD COLUMN decided_by TEXT;  -- desk and clerk
ALTER TABLE profile_applications ADD COLUMN decision BYTEA;   -- sealed: who, what was checked, or why it was refused

CREATE TABLE profile_proposals (
  id TEXT PRIMARY KEY,
  profile_id TEXT NOT NULL,
  act TEXT NOT NULL,                  -- invalidation | death | change
  state TEXT NOT NULL,                -- open | approved | rejected | lapsed
  proposed_by TEXT NOT NULL,          -- desk and clerk
  proposed_by_person BYTEA NOT NULL,  -- keyed blind index of the clerk's PESEL
  concerns BYTEA NOT NULL,            -- keyed blind indexes of the owner's PESEL and the new one's, 32 bytes each
  content BYTEA NOT NULL,             -- sealed: the clerk's name, reason, reference, note, new facts
  proposed_at BIGINT NOT NULL,
  until BIGINT NOT NULL,
  decided_by TEXT,
  decided_by_person BYTEA,
  decided_at BIGINT,
  decision BYTEA                      -- sealed: the other clerk's name and note
);
CREATE UNIQUE INDEX profile_proposals_one_open ON profile_proposals (profile_id) WHERE state = 'open';
CREATE INDEX profile_proposals_by_end ON profile_proposals (until) WHERE state = 'open';
CREATE INDEX trusted_profiles_waiting ON trusted_profiles (until, id) WHERE state = 'applied';
