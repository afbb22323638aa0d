-- The versions that the database has been through: every migration names the decision that let it happen.
-- The version is no INTEGER PRIMARY KEY: to that, SQLite would give a number of its own where it is null.
CREATE TABLE migrations (version INT NOT NULL UNIQUE, decision TEXT NOT NULL UNIQUE);
CREATE TABLE orders (id INTEGER PRIMARY KEY, cents INTEGER NOT NULL, currency TEXT);
INSERT INTO orders (cents, currency) VALUES (1200, 'EUR'), (800, NULL), (450, NULL);
