-- When the phone or the e-mail address last changed: for a while after it no forgotten password is set anew by them.
ALTER TABLE trusted_profiles ADD COLUMN contact_changed_at BIGINT;
