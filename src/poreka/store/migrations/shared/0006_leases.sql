-- A message that a worker has is told apart from one that waits for its time: due_at is no lease any more (docs/adr/0037).
ALTER TABLE outbox ADD COLUMN lease BIGINT;  -- null: no worker has it; a number that grows as long as its worker lives
CREATE INDEX outbox_held ON outbox (lease) WHERE dispatched_at IS NULL AND failed_at IS NULL;
