-- The body an organisation is a part of, and whether it still takes part.
ALTER TABLE organisation ADD COLUMN parent UUID REFERENCES organisation (id);
ALTER TABLE organisation ADD COLUMN active BIGINT NOT NULL DEFAULT 1;
CREATE INDEX organisation_parent ON organisation (parent);
