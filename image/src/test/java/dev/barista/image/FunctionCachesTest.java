package dev.barista.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FunctionCachesTest {

  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

  @TempDir Path folder;

  @Test
  void eachFunction_hasItsOwn_whateverTheTag() throws Exception {
    var caches = new FunctionCaches(folder);

    assertThat(caches.of(ImageReference.parse("a:1")))
        .isEqualTo(caches.of(ImageReference.parse("a:2")))
        .isNotEqualTo(caches.of(ImageReference.parse("b:1")));
  }

  @Test
  void leastRecentlyUsed_goFirst_whenAllTakeTooMuch() throws Exception {
    var caches = new FunctionCaches(folder);
    Path oldest = cache(caches, "oldest", NOW.minusSeconds(100));
    Path older = cache(caches, "older", NOW.minusSeconds(50));
    Path used = cache(caches, "used", NOW.minusSeconds(200));

    caches.trim(used, NOW, /* capBytes= */ 2000);
    assertThat(oldest).doesNotExist();
    assertThat(older).exists();
    assertThat(used).exists();

    caches.trim(used, NOW, /* capBytes= */ 10);
    assertThat(used).doesNotExist();
  }

  private static Path cache(FunctionCaches caches, String name, Instant time) throws Exception {
    Path cache = Files.createDirectories(caches.of(ImageReference.parse(name)));
    Files.write(cache.resolve("content"), new byte[1000]);
    Files.setLastModifiedTime(cache, FileTime.from(time));
    return cache;
  }
}
