-- When the e-mail address was changed last: for a while a forgotten password is not recovered by the new one.
ALTER TABLE profiles ADD COLUMN contact_changed_at BIGINT;
