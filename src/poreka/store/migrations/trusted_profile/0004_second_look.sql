-- The first of two confirmations, where an application needs two clerks.
ALTER TABLE profile_applications ADD COLUMN first_by TEXT;        -- desk and clerk
ALTER TABLE profile_applications ADD COLUMN first_person BYTEA;   -- keyed blind index of the clerk's PESEL
ALTER TABLE profile_applications ADD COLUMN first_at BIGINT;
ALTER TABLE profile_applications ADD COLUMN first_look BYTEA;     -- sealed: who, and what was checked
CREATE INDEX trusted_profiles_by_phone ON trusted_profiles (phone);
