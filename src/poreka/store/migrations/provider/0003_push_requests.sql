-- Questions that people's phones are asked, and what is written down about the tools they authorise with.

CREATE TABLE push_requests (
  id TEXT PRIMARY KEY,
  person_id TEXT NOT NULL,
  operation_id TEXT NOT NULL UNIQUE,  -- one request for one operation, and never a second
  service TEXT NOT NULL,              -- who asks
  opened_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  state TEXT NOT NULL,                -- open | approved | refused | lapsed | withdrawn
  ended_at BIGINT,
  wrong_number BOOLEAN NOT NULL
);
-- Of many that are opened at the same moment for one person, one is.
CREATE UNIQUE INDEX push_requests_one_open ON push_requests (person_id) WHERE state = 'open';
CREATE INDEX push_requests_by_person ON push_requests (person_id, opened_at);
CREATE INDEX push_requests_by_expiry ON push_requests (expires_at);

-- A tool has a row when it is blocked or was added; an app is a tool only where it has one.
CREATE TABLE held_tools (
  person_id TEXT NOT NULL,
  tool TEXT NOT NULL,                 -- sms | card | push
  usable_from BIGINT NOT NULL,        -- opens nothing before
  blocked BOOLEAN NOT NULL,
  PRIMARY KEY (person_id, tool)
);
