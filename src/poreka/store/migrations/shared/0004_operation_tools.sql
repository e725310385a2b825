-- What an operation is authorised with; of a code card: which card, and the number of its code.
ALTER TABLE operations ADD COLUMN tool TEXT NOT NULL DEFAULT 'sms';
ALTER TABLE operations ADD COLUMN card_id TEXT;
ALTER TABLE operations ADD COLUMN card_code BIGINT;
