-- The body an organisation is a part of, and whether it still takes part.
ALTER TABLE organisation ADD COLUMN parent BLOB REFERENCES organisation (id);
ALTER TABLE organisation ADD COLUMN active INTEGER NOT NULL DEFAULT 1;
CREATE INDEX organisation_parent ON organisation (parent);
