-- The body an organisation is a part of, whether it still takes part, and how it is found.
ALTER TABLE organisation ADD COLUMN parent UUID REFERENCES organisation (id);
ALTER TABLE organisation ADD COLUMN active BIGINT NOT NULL DEFAULT 1;
ALTER TABLE organisation ADD COLUMN short_name TEXT NOT NULL DEFAULT '';
ALTER TABLE organisation ADD COLUMN since_year BIGINT;
ALTER TABLE organisation ADD COLUMN external_id TEXT;
-- Names in lower case, as a search looks for them.
ALTER TABLE organisation ADD COLUMN search TEXT NOT NULL DEFAULT '';
UPDATE organisation SET search = lower(name);
CREATE INDEX organisation_parent ON organisation (parent);
CREATE INDEX organisation_name ON organisation (name, id);
CREATE UNIQUE INDEX organisation_external_id ON organisation (external_id);
CREATE INDEX member_organisation ON member (organisation, name);
CREATE INDEX fact_check_organisation ON fact_check (organisation);

-- Days are written 2024-10-01: they sort as they are read. Both ends of a term belong to it.
CREATE TABLE dated_fact (
    id UUID NOT NULL PRIMARY KEY,
    organisation UUID NOT NULL REFERENCES organisation (id),
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    source TEXT NOT NULL,
    from_day TEXT,
    until_day TEXT,
    CONSTRAINT dated_fact_term CHECK (from_day <= until_day)
);
CREATE INDEX dated_fact_organisation ON dated_fact (organisation, kind);

CREATE TABLE affiliation (
    association UUID NOT NULL REFERENCES organisation (id),
    media UUID NOT NULL REFERENCES organisation (id),
    from_day TEXT,
    until_day TEXT,
    source TEXT NOT NULL,
    CONSTRAINT affiliation_term CHECK (from_day <= until_day),
    CONSTRAINT affiliation_two CHECK (association <> media)
);
CREATE UNIQUE INDEX affiliation_open ON affiliation (association, media) WHERE until_day IS NULL;
CREATE INDEX affiliation_media ON affiliation (media, association);
CREATE INDEX affiliation_association ON affiliation (association, media);

CREATE TABLE chapter_region (
    chapter UUID NOT NULL REFERENCES organisation (id),
    region TEXT NOT NULL,
    from_day TEXT,
    until_day TEXT,
    source TEXT NOT NULL,
    CONSTRAINT chapter_region_term CHECK (from_day <= until_day)
);
CREATE UNIQUE INDEX chapter_region_open ON chapter_region (chapter, region) WHERE until_day IS NULL;
CREATE INDEX chapter_region_region ON chapter_region (region);

-- A number of chapters that somebody stated without naming them.
CREATE TABLE coverage_claim (
    association UUID NOT NULL REFERENCES organisation (id),
    region TEXT NOT NULL,
    count BIGINT NOT NULL,
    on_day TEXT NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (association, region, on_day)
);

CREATE TABLE pledge (
    organisation UUID NOT NULL REFERENCES organisation (id),
    signed_on TEXT NOT NULL,
    withdrawn_on TEXT,
    source TEXT NOT NULL,
    CONSTRAINT pledge_order CHECK (signed_on <= withdrawn_on)
);
CREATE UNIQUE INDEX pledge_open ON pledge (organisation) WHERE withdrawn_on IS NULL;
CREATE INDEX pledge_organisation ON pledge (organisation, signed_on);
