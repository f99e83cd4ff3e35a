package dev.barista.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageStoreTest {

  private static final HostPlatform HOST = new HostPlatform("linux", "amd64");
  private static final long NO_CAP = Long.MAX_VALUE;
  private static final String APP = "home/app/";

  @TempDir Path folder;

  private ImageStore store;

  // Mutable state
  private Instant now = Instant.now();

  @BeforeEach
  void open() throws IOException {
    store = new ImageStore(folder.resolve("images"), HOST, UnpackLimits.DEFAULT, () -> now);
  }

  @Test
  void savedImage_resolvesUnderEveryFormOfItsName() throws Exception {
    save(
        "hello",
        Map.of(ImageLabels.RUNTIME, "python3", ImageLabels.SOCKET, "true"),
        layer("f", "x"));

    HostImage image = store.resolve("docker.io/library/hello:latest");

    assertThat(image.reference()).hasToString("hello:latest");
    assertThat(image.rootFolder().resolve("f")).hasContent("x");
    assertThat(image.environment()).containsEntry("fprocess", "cat");
    assertThat(image.runtime()).contains("python3");
    assertThat(image.listensOnSocket()).isTrue();
    assertThat(store.resolve("hello").rootFolder()).isEqualTo(image.rootFolder());
    assertThat(store.resolve("hello@" + image.digest()).digest()).isEqualTo(image.digest());
  }

  @Test
  void unknownImage_isRefusedWithAdvice() {
    assertRefused(
        "nothing/here", "image nothing/here:latest isn't in this host's store", "barista build");
  }

  @Test
  void fullImage_isRefusedWithAdvice() throws Exception {
    save("full", Map.of(ImageLabels.KIND, "full"), layer("f", "x"));

    assertRefused(
        "full", "full:latest is a full container image", "docker or the kubernetes provider");
  }

  @Test
  void imageOfAnotherMachine_isRefusedByName() throws Exception {
    var config =
        new ImageConfig(
            new HostPlatform("linux", "arm64"),
            Map.of(),
            Map.of(ImageLabels.KIND, "host"),
            List.of());
    store.save(ImageReference.parse("arm"), config, List.of());

    assertRefused("arm", "was built for linux/arm64 and this host is linux/amd64", "barista build");
  }

  @Test
  void utilityImage_isThereWithoutABuild() throws Exception {
    for (String name : List.of("functions/alpine:latest", "ghcr.io/openfaas/alpine:latest")) {
      HostImage image = store.resolve(name);

      assertThat(image.rootFolder()).isEmptyDirectory();
      assertThat(image.environment()).containsEntry("mode", "classic");
      assertThat(image.runtime()).isEmpty();
    }
  }

  @Test
  void layers_lieOverEachOther_withWhiteouts() throws Exception {
    save(
        "layers",
        Map.of(),
        new TarBall()
            .file(APP + "kept", "1")
            .file(APP + "replaced", "1")
            .file(APP + "hidden", "1")
            .file(APP + "emptied/old", "1")
            .symbolicLink(APP + "link", "kept")
            .file(APP + "was-folder/x", "1")
            .plain(),
        new TarBall()
            .file(APP + "replaced", "2")
            .file(APP + ".wh.hidden", "")
            .file(APP + "emptied/.wh..wh..opq", "")
            .file(APP + "emptied/new", "2")
            .file(APP + "link/inside", "2")
            .file(APP + "was-folder", "2")
            .plain());

    Path root = store.resolve("layers").rootFolder();

    assertThat(root.resolve("kept")).hasContent("1");
    assertThat(root.resolve("replaced")).hasContent("2");
    assertThat(root.resolve("hidden")).doesNotExist();
    assertThat(root.resolve("emptied/old")).doesNotExist();
    assertThat(root.resolve("emptied/new")).hasContent("2");
    assertThat(root.resolve("link/inside")).hasContent("2");
    assertThat(root.resolve("was-folder")).hasContent("2");
    try (Stream<Path> all = Files.walk(root)) {
      assertThat(all.map(Folders::name)).noneMatch(name -> name.startsWith(".wh."));
    }
  }

  @Test
  void sharedLayer_isUnpackedOnceAndLinked() throws Exception {
    byte[] shared = layer("shared", "x");
    save("one", Map.of(), shared, layer("own", "1"));
    save("two", Map.of(), shared, layer("own", "2"));

    Path one = store.resolve("one").rootFolder();
    Path two = store.resolve("two").rootFolder();

    assertThat(Files.isSameFile(one.resolve("shared"), two.resolve("shared"))).isTrue();
    assertThat(Files.isSameFile(one.resolve("own"), two.resolve("own"))).isFalse();
  }

  @Test
  void damagedBlobs_areRefused() throws Exception {
    Descriptor manifest = save("hello", Map.of(), layer("f", "x"));
    Descriptor layer = store.manifest(manifest.digest()).layers().getFirst();

    flipLastByte(store.blobs().path(layer.digest()));
    assertThatThrownBy(() -> store.resolve("hello"))
        .isInstanceOfAny(FaasException.class, IOException.class);
    assertThat(folder.resolve("images/trees")).isEmptyDirectory();
    assertThat(folder.resolve("images/tmp")).isEmptyDirectory();

    flipLastByte(store.blobs().path(manifest.digest()));
    assertRefused("hello", "blob " + manifest.digest() + " is damaged", "build or pull");
  }

  @Test
  void layerThatIsNotWhatTheConfigurationSays_isRefused() throws Exception {
    byte[] plain = layer("f", "x");
    Descriptor blob = store.blobs().put(OciJson.LAYER_GZIP, TarBall.packed(plain));
    String other = Sha256.of(layer("f", "y"));
    var config = new ImageConfig(HOST, Map.of(), Map.of(ImageLabels.KIND, "host"), List.of(other));
    store.save(ImageReference.parse("lie"), config, List.of(blob));

    assertRefused("lie", "content of a layer doesn't match its digest");
  }

  @Test
  void otherUsers_reachATreeTheyKnow_butCantLearnOfOthers() throws Exception {
    save("hello", Map.of(), layer("f", "x"));
    Path tree = store.resolve("hello").rootFolder();

    assertThat(othersMay(tree.resolve("f"))).isEqualTo("r--");
    assertThat(othersMay(tree)).isEqualTo("r-x");
    for (String passage : List.of("", "trees", "layers")) {
      assertThat(othersMay(store.folder().resolve(passage))).as(passage).isEqualTo("--x");
    }
    for (String hidden : List.of("blobs", "tmp", "index.json")) {
      assertThat(othersMay(store.folder().resolve(hidden))).as(hidden).isEqualTo("---");
    }
  }

  private static String othersMay(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path)).substring(6);
  }

  @Test
  void manyResolveAtOnce_allGetTheSameWholeTree() throws Exception {
    save("hello", Map.of(), layer("f", "x"), layer("g", "y"));
    List<Callable<Path>> calls = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      calls.add(() -> ImageStore.open(folder).resolve("hello").rootFolder());
    }

    try (var threads = Executors.newFixedThreadPool(16)) {
      for (Future<Path> root : threads.invokeAll(calls)) {
        assertThat(root.get().resolve("f")).hasContent("x");
        assertThat(root.get().resolve("g")).hasContent("y");
      }
    }
    assertThat(folder.resolve("images/tmp")).isEmptyDirectory();
  }

  @Test
  void manyWritersAtOnce_loseNoName() throws Exception {
    List<Callable<Descriptor>> calls = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      String name = "image-" + i;
      calls.add(
          () -> {
            var own =
                new ImageStore(folder.resolve("images"), HOST, UnpackLimits.DEFAULT, () -> now);
            return save(own, name, Map.of(), layer("f", name));
          });
    }

    try (var threads = Executors.newFixedThreadPool(8)) {
      for (Future<Descriptor> done : threads.invokeAll(calls)) {
        done.get();
      }
    }

    assertThat(store.list()).hasSize(40);
    assertThat(store.resolve("image-7").rootFolder().resolve("f")).hasContent("image-7");
  }

  @Test
  void newContentUnderAName_isWhatTheNameMeansThen() throws Exception {
    String before = save("hello", Map.of(), layer("f", "1")).digest();
    String after = save("hello", Map.of(), layer("f", "2")).digest();

    assertThat(store.resolve("hello").digest()).isEqualTo(after).isNotEqualTo(before);
    assertThat(store.list()).hasSize(1);
  }

  @Test
  void collection_freesWhatNoNameLeadsTo_andNothingOfTheLastMinutes() throws Exception {
    save("hello", Map.of(), layer("f", "1"));
    Path old = anotherProcess().resolve("hello").rootFolder();
    save("hello", Map.of(), layer("f", "2"));

    assertThat(store.collect(Set.of(), NO_CAP).freedBytes()).isZero();
    later();
    CollectedGarbage garbage = store.collect(Set.of(), NO_CAP);

    assertThat(garbage.freedBytes()).isPositive();
    assertThat(garbage.removed()).isEmpty();
    assertThat(old).doesNotExist();
    assertThat(store.resolve("hello").rootFolder().resolve("f")).hasContent("2");
  }

  @Test
  void collection_clearsWhatCrashedBuildsLeft() throws Exception {
    Path left = Files.createDirectories(store.temporaryFolder().resolve("build1/deep"));
    Files.writeString(left.resolve("file"), "x");
    now = now.plus(Duration.ofDays(2));

    store.collect(Set.of(), NO_CAP);

    assertThat(store.temporaryFolder()).isEmptyDirectory();
  }

  @Test
  void collection_neverTakesWhatHasJustBeenGivenOut() throws Exception {
    save("used", Map.of(), layer("f", "1"));
    Path root = store.resolve("used").rootFolder();
    save("used", Map.of(), layer("f", "2"));
    makeOld(folder.resolve("images"));

    store.collect(Set.of(), /* capBytes= */ 0);
    assertThat(root.resolve("f")).hasContent("1");

    later();
    store.collect(Set.of(), /* capBytes= */ 0);
    assertThat(root).doesNotExist();
  }

  private static void makeOld(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.toList()) {
        Files.setLastModifiedTime(path, FileTime.from(Instant.EPOCH));
      }
    }
  }

  @Test
  void collection_neverTakesWhatItsCallerNames() throws Exception {
    String used = save("used", Map.of(), layer("f", "1")).digest();
    Path root = anotherProcess().resolve("used").rootFolder();
    save("other", Map.of(), layer("f", "2"));
    save("used", Map.of(), layer("f", "3"));
    later();

    CollectedGarbage garbage = store.collect(Set.of(used), /* capBytes= */ 0);

    assertThat(garbage.removed())
        .extracting(ImageReference::toString)
        .containsExactlyInAnyOrder("other:latest", "used:latest");
    assertThat(root.resolve("f")).hasContent("1");
    assertThat(store.blobs().path(used)).exists();
  }

  @Test
  void collection_forgetsTheLeastRecentlyUsedNamesFirst() throws Exception {
    for (String name : List.of("first", "second", "third")) {
      save(name, Map.of(), layer("f", name + "x".repeat(1000)));
      later();
    }
    anotherProcess().resolve("first");
    later();
    long size = store.collect(Set.of(), NO_CAP).keptBytes();

    CollectedGarbage garbage = store.collect(Set.of(), size - 1);

    assertThat(garbage.removed())
        .extracting(ImageReference::toString)
        .containsExactly("second:latest");
    assertThat(garbage.keptBytes()).isLessThan(size);
  }

  @Test
  void skopeo_readsTheStore() throws Exception {
    Tools.require("skopeo");
    Descriptor manifest = save("me/hello:1.0", Map.of("a", "b"), layer("f", "x"));

    Process skopeo =
        new ProcessBuilder("skopeo", "inspect", "oci:" + store.folder() + ":me/hello:1.0")
            .redirectErrorStream(true)
            .start();
    String answer = new String(skopeo.getInputStream().readAllBytes(), UTF_8);

    assertThat(skopeo.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(answer).contains(manifest.digest()).contains("\"Architecture\": \"amd64\"");
    assertThat(skopeo.exitValue()).isZero();
  }

  private ImageStore anotherProcess() throws IOException {
    return new ImageStore(folder.resolve("images"), HOST, UnpackLimits.DEFAULT, () -> now);
  }

  private void later() {
    now = now.plus(GarbageCollector.GRACE).plus(Duration.ofMinutes(1));
  }

  private void assertRefused(String reference, String... sentence) {
    assertThatThrownBy(() -> store.resolve(reference))
        .isInstanceOfSatisfying(
            FaasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IMAGE_INVALID))
        .hasMessageContainingAll(sentence);
  }

  private Descriptor save(String name, Map<String, String> labels, byte[]... layers)
      throws IOException {
    return save(store, name, labels, layers);
  }

  private static Descriptor save(
      ImageStore store, String name, Map<String, String> labels, byte[]... layers)
      throws IOException {
    List<Descriptor> blobs = new ArrayList<>();
    List<String> diffIds = new ArrayList<>();
    for (byte[] layer : layers) {
      blobs.add(store.blobs().put(OciJson.LAYER_GZIP, TarBall.packed(layer)));
      diffIds.add(Sha256.of(layer));
    }
    Map<String, String> all = new TreeMap<>(Map.of(ImageLabels.KIND, "host"));
    all.putAll(labels);
    return store.save(
        ImageReference.parse(name),
        new ImageConfig(HOST, Map.of("fprocess", "cat"), all, diffIds),
        blobs);
  }

  private static byte[] layer(String name, String content) {
    return new TarBall().file(APP + name, content).plain();
  }

  private static void flipLastByte(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);
  }
}
