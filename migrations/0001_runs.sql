-- The desk's list of runs: a projection of the runs' receipts, reported by the runs themselves. It may be thrown away.
-- `entry` is the run as GET /api/runs lists it, as JSON; the other columns are what the list is ordered and filtered by.
CREATE TABLE runs (
  run TEXT PRIMARY KEY,
  created_at TEXT NOT NULL,
  status TEXT NOT NULL,
  count INTEGER NOT NULL,
  expires_at TEXT,
  entry TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX runs_by_age ON runs (created_at, run);
CREATE INDEX runs_by_status ON runs (status, created_at, run);
CREATE INDEX runs_by_expiry ON runs (expires_at, run) WHERE expires_at IS NOT NULL;
