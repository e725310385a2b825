-- When the bank verified the customer's identity, and how surely; NULL where its record does not say.
ALTER TABLE customers ADD COLUMN identity_verified_at BIGINT;
ALTER TABLE customers ADD COLUMN identity_assurance TEXT;  -- low | substantial | high
