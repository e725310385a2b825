-- Untrusted profiles lapse when nobody proves them in time: found by when they were made.
CREATE INDEX profiles_untrusted ON profiles (created_at) WHERE state = 'untrusted';
