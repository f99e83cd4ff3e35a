package dev.barista.state;

import dev.barista.api.FunctionName;
import dev.barista.api.FunctionSpec;
import dev.barista.api.Resources;
import dev.barista.provider.spi.FunctionStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Desired functions as rows of {@code functions} and {@code function_entries}. */
final class SqliteFunctionStore implements FunctionStore {

  private static final String UPSERT =
      """
      INSERT OR REPLACE INTO functions (namespace, name, image, env_process, limit_memory,
        limit_cpu, request_memory, request_cpu, read_only_root, desired_replicas, created_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\
      """;
  private static final String DELETE = "DELETE FROM functions WHERE namespace = ? AND name = ?";
  private static final String INSERT_ENTRY =
      "INSERT INTO function_entries VALUES (?, ?, ?, ?, ?, ?)";
  private static final String SELECT = "SELECT * FROM functions ORDER BY namespace, name";
  private static final String SELECT_ENTRIES =
      "SELECT * FROM function_entries ORDER BY namespace, name, kind, position";

  private final SharedConnection shared;

  SqliteFunctionStore(SharedConnection shared) {
    this.shared = shared;
  }

  @Override
  public List<StoredFunction> load() {
    return shared.read("the functions could not be read", SqliteFunctionStore::load);
  }

  private static List<StoredFunction> load(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      Map<FunctionName, Entries> entries = loadEntries(statement);
      List<StoredFunction> functions = new ArrayList<>();
      try (ResultSet row = statement.executeQuery(SELECT)) {
        while (row.next()) {
          functions.add(function(row, entries));
        }
      }
      return List.copyOf(functions);
    }
  }

  @Override
  public void save(StoredFunction function) {
    shared.write(
        function.spec().name() + " could not be saved",
        connection -> {
          try (PreparedStatement upsert = connection.prepareStatement(UPSERT)) {
            bind(upsert, function);
            upsert.executeUpdate();
          }
          insertEntries(connection, function.spec());
          return function;
        });
  }

  @Override
  public void delete(FunctionName name) {
    shared.write(
        name + " could not be deleted",
        connection -> {
          try (PreparedStatement delete = connection.prepareStatement(DELETE)) {
            delete.setString(1, name.namespace());
            delete.setString(2, name.name());
            return delete.executeUpdate();
          }
        });
  }

  /** Maps and lists of one function. */
  private record Entries(Map<String, Map<String, String>> maps, Map<String, List<String>> lists) {
    private Map<String, String> map(String kind) {
      return maps.getOrDefault(kind, Map.of());
    }

    private List<String> list(String kind) {
      return lists.getOrDefault(kind, List.of());
    }

    private void add(String kind, String key, String value) {
      maps.computeIfAbsent(kind, _ -> new HashMap<>()).put(key, value);
      lists.computeIfAbsent(kind, _ -> new ArrayList<>()).add(value);
    }
  }

  private static Map<FunctionName, Entries> loadEntries(Statement statement) throws SQLException {
    Map<FunctionName, Entries> entries = new HashMap<>();
    try (ResultSet row = statement.executeQuery(SELECT_ENTRIES)) {
      while (row.next()) {
        entries
            .computeIfAbsent(name(row), _ -> new Entries(new HashMap<>(), new HashMap<>()))
            .add(row.getString("kind"), row.getString("entry_key"), row.getString("entry_value"));
      }
    }
    return entries;
  }

  private static FunctionName name(ResultSet row) throws SQLException {
    return new FunctionName(row.getString("name"), row.getString("namespace"));
  }

  private static StoredFunction function(ResultSet row, Map<FunctionName, Entries> entries)
      throws SQLException {
    FunctionName name = name(row);
    Entries own = entries.getOrDefault(name, new Entries(Map.of(), Map.of()));
    FunctionSpec spec =
        new FunctionSpec(
            name,
            row.getString("image"),
            Optional.ofNullable(row.getString("env_process")),
            own.map("environment"),
            own.list("constraint"),
            own.list("secret"),
            own.map("label"),
            own.map("annotation"),
            Resources.of("limits", row.getString("limit_memory"), row.getString("limit_cpu")),
            Resources.of("requests", row.getString("request_memory"), row.getString("request_cpu")),
            row.getInt("read_only_root") == 1);
    return new StoredFunction(
        spec, row.getInt("desired_replicas"), Instant.parse(row.getString("created_at")));
  }

  private static void bind(PreparedStatement upsert, StoredFunction function) throws SQLException {
    FunctionSpec spec = function.spec();
    upsert.setString(1, spec.name().namespace());
    upsert.setString(2, spec.name().name());
    upsert.setString(3, spec.image());
    upsert.setString(4, spec.envProcess().orElse(null));
    upsert.setString(5, spec.limits().memory().orElse(null));
    upsert.setString(6, spec.limits().cpu().orElse(null));
    upsert.setString(7, spec.requests().memory().orElse(null));
    upsert.setString(8, spec.requests().cpu().orElse(null));
    upsert.setInt(9, spec.readOnlyRootFilesystem() ? 1 : 0);
    upsert.setInt(10, function.desiredReplicas());
    upsert.setString(11, function.createdAt().toString());
  }

  /** REPLACE deleted the row before, and with it, by the foreign key, its old entries. */
  private static void insertEntries(Connection connection, FunctionSpec spec) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(INSERT_ENTRY)) {
      insert.setString(1, spec.name().namespace());
      insert.setString(2, spec.name().name());
      addMap(insert, "environment", spec.environment());
      addMap(insert, "label", spec.labels());
      addMap(insert, "annotation", spec.annotations());
      addList(insert, "constraint", spec.constraints());
      addList(insert, "secret", spec.secrets());
    }
  }

  private static void addMap(PreparedStatement insert, String kind, Map<String, String> map)
      throws SQLException {
    int position = 0;
    for (Map.Entry<String, String> entry : map.entrySet()) {
      add(insert, kind, position++, entry.getKey(), entry.getValue());
    }
  }

  private static void addList(PreparedStatement insert, String kind, List<String> list)
      throws SQLException {
    int position = 0;
    for (String value : list) {
      add(insert, kind, position++, /* key= */ "", value);
    }
  }

  private static void add(
      PreparedStatement insert, String kind, int position, String key, String value)
      throws SQLException {
    insert.setString(3, kind);
    insert.setInt(4, position);
    insert.setString(5, key);
    insert.setString(6, value);
    insert.executeUpdate();
  }
}
