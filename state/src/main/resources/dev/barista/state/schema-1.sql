-- Functions as they were asked for. Maps and lists are rows of function_entries, so that a start
-- needs no parser, and a look with the sqlite3 tool shows everything.
CREATE TABLE functions (
  namespace TEXT NOT NULL,
  name TEXT NOT NULL,
  image TEXT NOT NULL,
  env_process TEXT,
  limit_memory TEXT,
  limit_cpu TEXT,
  request_memory TEXT,
  request_cpu TEXT,
  read_only_root INTEGER NOT NULL CHECK (read_only_root IN (0, 1)),
  desired_replicas INTEGER NOT NULL CHECK (desired_replicas >= 0),
  created_at TEXT NOT NULL,
  PRIMARY KEY (namespace, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE function_entries (
  namespace TEXT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('environment', 'label', 'annotation', 'constraint', 'secret')),
  position INTEGER NOT NULL,
  entry_key TEXT NOT NULL,
  entry_value TEXT NOT NULL,
  PRIMARY KEY (namespace, name, kind, position),
  FOREIGN KEY (namespace, name) REFERENCES functions (namespace, name) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
