-- The day on which a membership was written down. One whose first day nobody knows counts from then
-- on; those that were written down before this was kept count from today.
ALTER TABLE affiliation ADD COLUMN entered_day TEXT;
UPDATE affiliation SET entered_day = to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD');
