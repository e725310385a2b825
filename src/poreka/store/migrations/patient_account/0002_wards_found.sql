-- By whom somebody is found as a ward, so that their own history tells which guardians looked.
ALTER TABLE guardianships ADD COLUMN ward_index BYTEA;  -- keyed blind index of the ward's PESEL
CREATE INDEX guardianships_by_ward ON guardianships (ward_index);
