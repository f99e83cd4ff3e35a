package dev.barista.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barista.api.FunctionName;
import dev.barista.api.FunctionSpec;
import dev.barista.api.Resources;
import dev.barista.provider.spi.FunctionStore.StoredFunction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteFunctionStoreTest {

  private static final FunctionName HELLO = FunctionName.parse("hello");
  private static final Instant CREATED = Instant.parse("2026-11-22T10:00:00.123456789Z");

  @TempDir Path folder;

  @Test
  void everyField_survivesReopening() {
    StoredFunction full = full("v1", 3);

    try (StateDatabase state = StateDatabase.open(folder)) {
      state.functions().save(full);
      state.functions().save(minimal("other.dev", 0));
    }

    try (StateDatabase state = StateDatabase.open(folder)) {
      assertThat(state.functions().load()).containsExactly(minimal("other.dev", 0), full);
    }
  }

  @Test
  void save_replacesTheWholeFunction() {
    try (StateDatabase state = StateDatabase.open(folder)) {
      state.functions().save(full("v1", 3));
      state.functions().save(minimal("hello", 1));

      assertThat(state.functions().load()).containsExactly(minimal("hello", 1));
    }
  }

  @Test
  void delete_leavesNothingAndTakesUnknownNames() {
    try (StateDatabase state = StateDatabase.open(folder)) {
      state.functions().save(full("v1", 1));

      state.functions().delete(HELLO);
      state.functions().delete(FunctionName.parse("never-there"));

      assertThat(state.functions().load()).isEmpty();
      state.functions().save(minimal("hello", 1));
      assertThat(state.functions().load()).containsExactly(minimal("hello", 1));
    }
  }

  @Test
  void committedFunction_isInTheFilesWithoutClosing() throws IOException {
    Path copy = Files.createDirectory(folder.resolve("copy"));

    try (StateDatabase state = StateDatabase.open(folder)) {
      state.functions().save(full("v1", 2));
      for (String file : List.of("state.db", "state.db-wal")) {
        Files.copy(folder.resolve(file), copy.resolve(file)); // what a kill -9 leaves
      }
    }

    try (StateDatabase state = StateDatabase.open(copy)) {
      assertThat(state.functions().load()).containsExactly(full("v1", 2));
    }
  }

  @Test
  void parallelWriters_loseNothing() {
    try (StateDatabase state = StateDatabase.open(folder)) {
      try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < 40; i++) {
          StoredFunction function = minimal("f" + i, i);
          writers.execute(() -> state.functions().save(function));
        }
      }

      assertThat(state.functions().load()).hasSize(40);
    }
  }

  @Test
  void database_isReadableByItsOwnerOnly() throws IOException {
    try (StateDatabase state = StateDatabase.open(folder)) {
      state.functions().save(minimal("hello", 1));

      for (String file : List.of("state.db", "state.db-wal")) {
        assertThat(
                PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(file))))
            .as(file)
            .isEqualTo("rw-------");
      }
    }
  }

  @Test
  void closedDatabase_refusesWithASentence() {
    StateDatabase state = StateDatabase.open(folder);
    state.close();

    assertThatThrownBy(() -> state.functions().save(minimal("hello", 1)))
        .hasMessageContaining("hello.openfaas-fn could not be saved");
  }

  private static StoredFunction minimal(String name, int replicas) {
    return new StoredFunction(
        FunctionSpec.of(FunctionName.parse(name), name + ":latest"), replicas, CREATED);
  }

  private static StoredFunction full(String tag, int replicas) {
    return new StoredFunction(
        new FunctionSpec(
            HELLO,
            "hello:" + tag,
            Optional.of("python3 index.py"),
            Map.of("B", "2", "A", "one\nline 'two' ; \"three\"", "UNICODE", "żółw 🐢"),
            List.of("zone=b", "zone=a", "zone=b"),
            List.of("token", "api-key"),
            Map.of("com.openfaas.scale.min", "2"),
            Map.of("topic", "cron-function", "json", "{\"a\": [1, 2]}"),
            Resources.of("limits", "5Mi", "100m"),
            Resources.of("requests", null, "0.5"),
            /* readOnlyRootFilesystem= */ true),
        replicas,
        CREATED);
  }
}
