package dev.barista.state;

import dev.barista.api.SecretName;
import dev.barista.provider.spi.SecretStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Secrets as rows of {@code secrets}, sealed. */
final class SqliteSecretStore implements SecretStore {

  private static final String NAMES = "SELECT name FROM secrets WHERE namespace = ? ORDER BY name";
  private static final String SELECT =
      "SELECT sealed FROM secrets WHERE namespace = ? AND name = ?";
  private static final String INSERT = "INSERT OR IGNORE INTO secrets VALUES (?, ?, ?)";
  private static final String UPDATE =
      "UPDATE secrets SET sealed = ?3 WHERE namespace = ?1 AND name = ?2";
  private static final String DELETE = "DELETE FROM secrets WHERE namespace = ? AND name = ?";

  private final SharedConnection shared;
  private final SecretSeal seal;

  SqliteSecretStore(SharedConnection shared, SecretSeal seal) {
    this.shared = shared;
    this.seal = seal;
  }

  @Override
  public List<String> names(String namespace) {
    return shared.read(
        "the secrets could not be listed",
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(NAMES)) {
            select.setString(1, namespace);
            List<String> names = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
              while (row.next()) {
                names.add(row.getString(1));
              }
            }
            return List.copyOf(names);
          }
        });
  }

  @Override
  public Optional<byte[]> read(SecretName name) {
    Optional<byte[]> sealed =
        shared.read(
            "secret " + name + " could not be read",
            connection -> {
              try (PreparedStatement select = connection.prepareStatement(SELECT)) {
                bind(select, name);
                try (ResultSet row = select.executeQuery()) {
                  return row.next() ? Optional.of(row.getBytes(1)) : Optional.empty();
                }
              }
            });
    return sealed.map(bytes -> seal.open(name, bytes));
  }

  @Override
  public boolean insert(SecretName name, byte[] value) {
    return change(INSERT, name, seal.seal(name, value));
  }

  @Override
  public boolean replace(SecretName name, byte[] value) {
    return change(UPDATE, name, seal.seal(name, value));
  }

  private boolean change(String statement, SecretName name, byte[] sealed) {
    return shared.write(
        "secret " + name + " could not be saved",
        connection -> {
          try (PreparedStatement change = connection.prepareStatement(statement)) {
            bind(change, name);
            change.setBytes(3, sealed);
            return change.executeUpdate() == 1;
          }
        });
  }

  @Override
  public boolean delete(SecretName name) {
    return shared.write(
        "secret " + name + " could not be deleted", connection -> deleted(connection, name));
  }

  private static boolean deleted(Connection connection, SecretName name) throws SQLException {
    try (PreparedStatement delete = connection.prepareStatement(DELETE)) {
      bind(delete, name);
      return delete.executeUpdate() == 1;
    }
  }

  private static void bind(PreparedStatement statement, SecretName name) throws SQLException {
    statement.setString(1, name.namespace());
    statement.setString(2, name.name());
  }
}
