-- Before a message is handed over it is written down to whom, and taken back when it surely was not taken (docs/adr/0016).
ALTER TABLE outbox ADD COLUMN handed_to TEXT;                        -- the gateway that has it, or may have it
ALTER TABLE outbox ADD COLUMN handed_at BIGINT;
ALTER TABLE outbox ADD COLUMN unsure BOOLEAN NOT NULL DEFAULT FALSE; -- it may have left; nobody can say
ALTER TABLE outbox ADD COLUMN reference TEXT;                        -- the gateway's own name for it
ALTER TABLE outbox ADD COLUMN report TEXT;                           -- delivered | undelivered, says the gateway
ALTER TABLE outbox ADD COLUMN reported_at BIGINT;
ALTER TABLE outbox ADD COLUMN recipient_index BYTEA;                 -- keyed blind index, for limits by number
CREATE INDEX outbox_by_recipient ON outbox (recipient_index, created_at);
CREATE INDEX outbox_by_reference ON outbox (handed_to, reference) WHERE reference IS NOT NULL;
