-- Schema 4: what a watch that never ends needs to remember.

-- --- pictures ----------------------------------------------------------------------------------------

-- --- gaps --------------------------------------------------------------------------------------------

-- --- hubs --------------------------------------------------------------------------------------------

-- --- rules of robots.txt -----------------------------------------------------------------------------

-- --- health ------------------------------------------------------------------------------------------

-- How a source's polls went and what its pages brought, as far as `status` needs to remember it.
CREATE TABLE health (
    source       INTEGER PRIMARY KEY REFERENCES sources (id),
    pulse_json   TEXT NOT NULL,
    harvest_json TEXT NOT NULL
) STRICT;
