-- What a chat keeps, version 1. database.py reads it, and counts its versions in PRAGMA user_version.

CREATE TABLE logs (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    gone INTEGER NOT NULL DEFAULT 0  -- the largest id of those that were let go
);

-- id: microseconds since 1970 (UTC), raised so that it grows. other: to whom it was told.
CREATE TABLE entries (
    id INTEGER PRIMARY KEY,
    log INTEGER NOT NULL REFERENCES logs,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    other TEXT NOT NULL,
    text TEXT NOT NULL
);

-- An index ends in the rowid by itself: this one is (log, id), and gives any page of a log in order.
CREATE INDEX entries_of_log ON entries (log);

-- Follows the entries in steps; indexed.up_to is how far it has come.
CREATE VIRTUAL TABLE words USING fts5 (
    log, name, text,
    content = 'entries', content_rowid = 'id', columnsize = 0,
    tokenize = 'unicode61 remove_diacritics 2'
);
-- A fifth less CPU than with 4, and searches are as fast. With 16 a merge took two seconds.
INSERT INTO words (words, rank) VALUES ('automerge', 8);
CREATE TABLE indexed (up_to INTEGER NOT NULL);
INSERT INTO indexed VALUES (0);

-- The largest id that was given to anything, also to what is not kept: ids go on from there.
CREATE TABLE latest (id INTEGER NOT NULL);
INSERT INTO latest VALUES (0);

-- Who was here, by folded name, and the id at which she left; NULL while she is here.
CREATE TABLE readers (
    log INTEGER NOT NULL REFERENCES logs,
    name TEXT NOT NULL,
    at INTEGER,
    PRIMARY KEY (log, name)
) WITHOUT ROWID;
