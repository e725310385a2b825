-- Acts that are limited, per whom and per what (rules/limits.py): counters, and what each item was counted for.
CREATE TABLE limit_counts (
  counter BYTEA NOT NULL,             -- keyed hash of a purpose and whom it is counted for
  item BYTEA NOT NULL,                -- keyed hash of what was counted; empty: the counter itself
  used BIGINT NOT NULL,
  ends_at BIGINT NOT NULL,            -- of the window; afterwards it counts as nothing
  PRIMARY KEY (counter, item)
);
CREATE INDEX limit_counts_by_item ON limit_counts (item);
CREATE INDEX limit_counts_by_time ON limit_counts (ends_at);
