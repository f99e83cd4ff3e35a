package dev.barista.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FolderWatchTest {

  private @TempDir Path folder;

  private final FdLoop loop = FdLoop.start("test-watch");
  private final FolderWatch watch = FolderWatch.on(loop);
  private final Semaphore told = new Semaphore(0);

  @AfterEach
  void close() {
    loop.close();
  }

  @Test
  void newFiles_areTold() throws Exception {
    watch.watch(folder, told::release);

    Files.createFile(folder.resolve("a"));
    Files.createDirectory(folder.resolve("a folder with a longer name"));
    Path elsewhere = Files.createTempFile("barista", "watch");
    Files.move(elsewhere, folder.resolve("moved"));

    told.acquire(3);
  }

  @Test
  void folders_areToldApart() throws Exception {
    Path one = Files.createDirectory(folder.resolve("one"));
    Path two = Files.createDirectory(folder.resolve("two"));
    Semaphore toldOfTwo = new Semaphore(0);
    watch.watch(one, told::release);
    watch.watch(two, toldOfTwo::release);

    Files.createFile(two.resolve("x"));

    toldOfTwo.acquire();
    assertThat(told.availablePermits()).isZero();
  }

  @Test
  void closedWatch_tellsNothing() throws Exception {
    Path other = Files.createDirectory(folder.resolve("other"));
    FolderWatch.Watched watched = watch.watch(folder, told::release);
    Semaphore later = new Semaphore(0);
    watch.watch(other, later::release);

    watched.close();
    watched.close();
    Files.createFile(folder.resolve("x"));
    Files.createFile(other.resolve("y"));

    later.acquire();
    assertThat(told.availablePermits()).isZero();
  }

  @Test
  void removedFolder_isNoTrouble() throws Exception {
    Path other = Files.createDirectory(folder.resolve("other"));
    FolderWatch.Watched watched = watch.watch(other, told::release);
    Files.delete(other);
    watched.close();

    watch.watch(folder, told::release);
    Files.createFile(folder.resolve("x"));

    told.acquire();
  }

  @Test
  void missingFolder_isRefused() {
    assertThatThrownBy(() -> watch.watch(folder.resolve("none"), () -> {}))
        .isInstanceOf(ErrnoException.class)
        .hasMessageContaining("none");
  }

  @Test
  void file_isRefused() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    assertThatThrownBy(() -> watch.watch(file, () -> {})).isInstanceOf(ErrnoException.class);
  }
}
