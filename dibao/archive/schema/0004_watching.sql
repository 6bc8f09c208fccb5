-- Schema 4: what a watch that never ends needs to remember.

-- --- pictures ----------------------------------------------------------------------------------------

-- --- gaps --------------------------------------------------------------------------------------------

-- While a gap is looked for: keys of what the polls on both of its sides held.
ALTER TABLE gaps ADD COLUMN before_json TEXT NOT NULL DEFAULT '[]';
ALTER TABLE gaps ADD COLUMN after_json TEXT NOT NULL DEFAULT '[]';
ALTER TABLE gaps ADD COLUMN looked_for INTEGER NOT NULL DEFAULT 0;
ALTER TABLE gaps ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;
ALTER TABLE gaps ADD COLUMN why TEXT;

-- Of the one part of a source that looks for what its gaps hide: how far it has come.
ALTER TABLE visits ADD COLUMN filling_json TEXT;

-- Its address changes with every step, and others may ask the same one.
DROP INDEX visits_by_part;
CREATE UNIQUE INDEX visits_by_part ON visits (source, url) WHERE kind = 'part' AND filling_json IS NULL;
CREATE UNIQUE INDEX visits_by_filling ON visits (source) WHERE filling_json IS NOT NULL;

-- --- hubs --------------------------------------------------------------------------------------------

-- --- rules of robots.txt -----------------------------------------------------------------------------

-- --- health ------------------------------------------------------------------------------------------
