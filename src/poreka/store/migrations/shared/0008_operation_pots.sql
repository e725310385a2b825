-- What an operation is counted for (rules/code_allowance.py); empty: one of a journey of nobody, counted otherwise.
ALTER TABLE operations ADD COLUMN pot TEXT NOT NULL DEFAULT '';
