-- The document that an operation signs: shown in the same words on the page, in the SMS and in the app.
ALTER TABLE operations ADD COLUMN document_name TEXT;
ALTER TABLE operations ADD COLUMN document_hash TEXT;  -- SHA-256 in hexadecimal, grouped as it is shown
