-- Secrets, each sealed with the key of the file secrets.key: see SecretSeal.
CREATE TABLE secrets (
  namespace TEXT NOT NULL,
  name TEXT NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (namespace, name)
) STRICT, WITHOUT ROWID;
