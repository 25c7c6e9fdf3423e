-- A promise of published checks counts those of one body within a span of days.
DROP INDEX fact_check_organisation;
CREATE INDEX fact_check_organisation ON fact_check (organisation, published_at);
