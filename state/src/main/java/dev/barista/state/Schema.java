package dev.barista.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The tables and their version, kept in SQLite's {@code user_version}. Version N is reached from
 * N-1 by the resource {@code schema-N.sql}; each step is one transaction, so a kill between two
 * steps leaves a valid older version.
 */
final class Schema {

  /** Version that this program writes. */
  static final int VERSION = 2;

  /** Marks the file as Barista's ("BARI"). */
  private static final int APPLICATION_ID = 0x42415249;

  private Schema() {}

  /**
   * Brings the database to {@link #VERSION}.
   *
   * @throws StateException when a newer program wrote it, or it is another program's database
   */
  static void migrate(Connection connection, Path file) throws SQLException {
    int version = pragma(connection, "user_version");
    int application = pragma(connection, "application_id");
    if (version > VERSION) {
      throw new StateException(
          file
              + " was written by a newer Barista (schema "
              + version
              + ", this program knows up to "
              + VERSION
              + "): start that version, or choose another folder with --data",
          null);
    }
    if (version > 0 && application != APPLICATION_ID) {
      throw new StateException(
          file + " is a database of another program: choose another folder with --data", null);
    }
    for (int step = version + 1; step <= VERSION; step++) {
      apply(connection, step);
    }
  }

  private static void apply(Connection connection, int step) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate("BEGIN IMMEDIATE");
      try {
        for (String sql : script(step).split(";\\s*\n")) {
          if (!sql.isBlank()) {
            statement.executeUpdate(sql);
          }
        }
        statement.executeUpdate("PRAGMA application_id = " + APPLICATION_ID);
        statement.executeUpdate("PRAGMA user_version = " + step);
        statement.executeUpdate("COMMIT");
      } catch (SQLException | RuntimeException e) {
        statement.executeUpdate("ROLLBACK");
        throw e;
      }
    }
  }

  private static String script(int step) {
    String name = "schema-" + step + ".sql";
    try (InputStream in = Schema.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("resource missing: " + name);
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int pragma(Connection connection, String name) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("PRAGMA " + name)) {
      return row.next() ? row.getInt(1) : 0;
    }
  }
}
