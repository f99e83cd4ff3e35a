package dev.barista.state;

import dev.barista.provider.spi.FunctionStore;
import dev.barista.provider.spi.SecretStore;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sqlite.JDBC;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * {@code state.db} in the data folder: write-ahead log, synchronous FULL, so that what a method has
 * returned from survives kill -9 and power loss. One connection, one writer at a time; thread-safe.
 * The caller holds the folder's {@link DataFolderLock}.
 */
public final class StateDatabase implements AutoCloseable {

  private final SharedConnection shared;
  private final FunctionStore functions;
  private final SecretStore secrets;

  private StateDatabase(SharedConnection shared, SecretSeal seal) {
    this.shared = shared;
    this.functions = new SqliteFunctionStore(shared);
    this.secrets = new SqliteSecretStore(shared, seal);
  }

  /**
   * Opens the folder's database, made or migrated where needed.
   *
   * @throws StateException when it is damaged, newer than this program, or can't be written
   */
  public static StateDatabase open(Path folder) {
    Path file = folder.resolve("state.db");
    Connection connection = null;
    try {
      NativeLibrary.prepare(folder.resolve("cache"));
      createPrivate(file);
      connection = JDBC.createConnection(JDBC.PREFIX + file, pragmas());
      if (connection == null) {
        throw new IllegalStateException("the SQLite driver refused " + file);
      }
      check(connection, file);
      Schema.migrate(connection, file);
      return new StateDatabase(new SharedConnection(connection), new SecretSeal(folder));
    } catch (IOException | SQLException e) {
      closeQuietly(connection, e);
      throw unusable(file, e);
    } catch (StateException e) {
      closeQuietly(connection, e);
      throw e;
    }
  }

  /** Desired functions. */
  public FunctionStore functions() {
    return functions;
  }

  /** Secrets, sealed with the key in {@code secrets.key} of the folder. */
  public SecretStore secrets() {
    return secrets;
  }

  private static Properties pragmas() {
    Properties pragmas = new Properties();
    pragmas.setProperty("journal_mode", "WAL");
    pragmas.setProperty("synchronous", "FULL");
    pragmas.setProperty("foreign_keys", "true");
    return pragmas;
  }

  /**
   * SQLite gives side files that it makes the permissions of the database. What is there already
   * may have come from a backup, open to others.
   */
  private static void createPrivate(Path file) throws IOException {
    Set<PosixFilePermission> own = PosixFilePermissions.fromString("rw-------");
    try {
      Files.createFile(file, PosixFilePermissions.asFileAttribute(own));
    } catch (FileAlreadyExistsException _) {
      for (String suffix : List.of("", "-wal", "-shm")) {
        Path part = file.resolveSibling(file.getFileName() + suffix);
        if (Files.exists(part) && !Files.getPosixFilePermissions(part).equals(own)) {
          Files.setPosixFilePermissions(part, own);
        }
      }
    }
  }

  /** A damaged page found now is one that no deploy stumbles over later. */
  private static void check(Connection connection, Path file) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("PRAGMA quick_check(1)")) {
      String verdict = rows.next() ? rows.getString(1) : "no answer";
      if (!"ok".equals(verdict)) {
        throw damaged(file, new SQLException(verdict));
      }
    }
  }

  private static StateException unusable(Path file, Exception cause) {
    if (cause instanceof SQLiteException sqlite && isDamage(sqlite.getResultCode())) {
      return damaged(file, cause);
    }
    return new StateException(
        file
            + " can't be opened ("
            + cause.getMessage()
            + "): mend its permissions or the disk, or choose another folder with --data",
        cause);
  }

  private static boolean isDamage(SQLiteErrorCode code) {
    return code == SQLiteErrorCode.SQLITE_NOTADB
        || (code.code & 0xff) == SQLiteErrorCode.SQLITE_CORRUPT.code;
  }

  private static StateException damaged(Path file, Exception cause) {
    return new StateException(
        file
            + " is damaged ("
            + cause.getMessage()
            + "): put a backup in its place, or move it away to start with no functions",
        cause);
  }

  private static void closeQuietly(@Nullable Connection connection, Exception cause) {
    if (connection == null) {
      return;
    }
    try {
      connection.close();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  /** Waits for the writer that is busy, then closes. */
  @Override
  public void close() {
    shared.close();
  }
}
