-- Schema 4: what a watch that never ends needs to remember.

-- --- pictures ----------------------------------------------------------------------------------------

-- Null: kept before sizes were, and not measured yet.
ALTER TABLE pictures ADD COLUMN width INTEGER;
ALTER TABLE pictures ADD COLUMN height INTEGER;
ALTER TABLE pictures ADD COLUMN length INTEGER;

-- Why it can't be shown.
ALTER TABLE pictures ADD COLUMN broken TEXT;

-- The same bytes under another address are kept once.
CREATE INDEX pictures_by_digest ON pictures (digest);

-- --- gaps --------------------------------------------------------------------------------------------

-- --- hubs --------------------------------------------------------------------------------------------

-- --- rules of robots.txt -----------------------------------------------------------------------------

-- --- health ------------------------------------------------------------------------------------------
