-- So that the desk reads only the runs that it shows, however many there are: those that do not wait, by age.
CREATE INDEX runs_not_waiting ON runs (created_at, run) WHERE expires_at IS NULL;
