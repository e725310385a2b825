-- The demonstration's telephone operator: SIM cards that were replaced.
CREATE TABLE sim_cards (
  phone TEXT PRIMARY KEY,
  replaced_at BIGINT NOT NULL
);
