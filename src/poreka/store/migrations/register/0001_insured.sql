-- The insurance register: who is known, under which names, in which roles. A store of its own.
CREATE TABLE insured (
  pesel_index BYTEA PRIMARY KEY,
  pesel BYTEA NOT NULL,               -- sealed
  first_name TEXT NOT NULL,
  surname TEXT NOT NULL,
  roles TEXT NOT NULL                 -- JSON array: insured | payer | beneficiary
);
