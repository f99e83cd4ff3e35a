package dev.barista.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barista.api.FaasException;
import dev.barista.image.RegistryException.Code;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is pushed: how long it stays, and what of it can run. */
@Timeout(60)
class RepositoriesTest {

  private static final HostPlatform HOST = new HostPlatform("linux", "amd64");
  private static final String APP = "home/app/";
  private static final RepositoryLimits LIMITS =
      new RepositoryLimits(64 << 20, 10, Duration.ofHours(1), 256L << 20);

  @TempDir Path folder;

  private final Set<String> inUse = ConcurrentHashMap.newKeySet();
  private ImageStore store;
  private Repositories repositories;

  // Mutable state
  private volatile Instant now = Instant.now();

  @BeforeEach
  void open() throws IOException {
    store = new ImageStore(folder.resolve("images"), HOST, UnpackLimits.DEFAULT, () -> now);
    repositories = store.repositories(LIMITS, () -> Set.copyOf(inUse));
  }

  @Test
  void pushedHostImage_runsUnderItsName() throws Exception {
    push("team/hello", "1", image(Map.of(ImageLabels.KIND, "host"), layer("f", "x")));

    HostImage image = store.resolve("team/hello:1");

    assertThat(image.rootFolder().resolve("f")).hasContent("x");
  }

  @Test
  void pushedFullImage_isKept_andRefusedWhenItShallRun() throws Exception {
    byte[] base = new TarBall().file("etc/passwd", "root").plain();
    push("base", "1", image(Map.of(), base));

    assertThatThrownBy(() -> store.resolve("base:1"))
        .isInstanceOf(FaasException.class)
        .hasMessageContaining("base:1 is a full container image")
        .hasMessageContaining("docker or the kubernetes provider");
    assertThat(repositories.manifest("base", "1")).isPresent();
  }

  static Stream<Arguments> hostileLayers() {
    return Stream.of(
        Arguments.of("..", new TarBall().file(APP + "../../../evil", "x").plain()),
        Arguments.of("absolute", new TarBall().file("/home/app/evil", "x").plain()),
        Arguments.of("leaving", new TarBall().symbolicLink(APP + "out", "../../etc").plain()),
        Arguments.of("outside home/app", new TarBall().file("etc/passwd", "x").plain()),
        Arguments.of("device", new TarBall().special(TarConstants.LF_CHR, APP + "null").plain()),
        Arguments.of("bomb", new TarBall().file(APP + "zeros", "\0".repeat(70 << 20)).plain()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("hostileLayers")
  void pushedHostileLayer_isRefusedWhenItShallRun_andLeavesNothing(String name, byte[] layer)
      throws Exception {
    push("evil", "1", image(Map.of(ImageLabels.KIND, "host"), layer));

    assertThatThrownBy(() -> store.resolve("evil:1"))
        .as(name)
        .isInstanceOf(FaasException.class)
        .hasMessageContaining("refused to unpack the image");
    assertThat(folder.resolve("images/trees")).isEmptyDirectory();
    assertThat(folder.resolve("images/tmp")).isEmptyDirectory();
  }

  @Test
  void setuidBits_areDroppedFromWhatIsPushed() throws Exception {
    byte[] layer = new TarBall().file(APP + "su", "x", entry -> entry.setMode(06755)).plain();
    push("su", "1", image(Map.of(ImageLabels.KIND, "host"), layer));

    Path file = store.resolve("su:1").rootFolder().resolve("su");

    assertThat((int) Files.getAttribute(file, "unix:mode") & 07777).isEqualTo(0555);
  }

  @Test
  void imageForSeveralPlatforms_runsItsVariantForThisHost() throws Exception {
    byte[] own = image(Map.of(ImageLabels.KIND, "host"), layer("f", "own"));
    push("multi", Sha256.of(own), own);
    String index =
        "{\"schemaVersion\":2,\"manifests\":[{\"mediaType\":\""
            + OciJson.MANIFEST
            + "\",\"digest\":\""
            + Sha256.of(own)
            + "\",\"size\":"
            + own.length
            + ",\"platform\":{\"os\":\"linux\",\"architecture\":\"ARCH\"}}]}";
    put("multi", "this", OciJson.INDEX, index.replace("ARCH", "amd64"));
    put("multi", "other", OciJson.INDEX, index.replace("ARCH", "s390x"));

    assertThat(store.resolve("multi:this").rootFolder().resolve("f")).hasContent("own");
    assertThatThrownBy(() -> store.resolve("multi:other"))
        .hasMessageContaining("multi:other has no variant for this host, linux/amd64");
  }

  @Test
  void imageBuiltHere_isServed() throws Exception {
    Descriptor config = store.blobs().put(OciJson.CONFIG, "{}".getBytes(UTF_8));
    ImageConfig own = new ImageConfig(HOST, Map.of(), Map.of(ImageLabels.KIND, "host"), List.of());
    Descriptor manifest = store.save(ImageReference.parse("hello:1"), own, List.of(config));

    assertThat(repositories.tags("hello")).contains(List.of("1"));
    assertThat(repositories.manifest("hello", manifest.digest())).isPresent();
    assertThat(repositories.blob("library/hello", config.digest())).isPresent();
  }

  @Test
  void pushedTag_staysWhateverTheCap_untilItIsDeleted() throws Exception {
    String digest = push("keep", "1", image(Map.of(), layer("f", "x")));
    later(100);

    assertThat(store.collect(Set.of(), /* capBytes= */ 0).removed()).isEmpty();
    assertThat(repositories.manifest("keep", "1")).isPresent();

    repositories.deleteManifest("keep", "1");
    later(100);
    assertThat(repositories.collect().freedBytes()).isPositive();
    assertThat(repositories.manifest("keep", digest)).isEmpty();
    assertThat(folder.resolve("images/blobs/sha256")).isEmptyDirectory();
    assertThat(folder.resolve("images/repositories/keep/_blobs")).isEmptyDirectory();
    assertThat(folder.resolve("images/repositories/keep/_manifests")).isEmptyDirectory();
  }

  @Test
  void blobs_ofARunningPush_stayWhileItTakes() throws Exception {
    Upload open = repositories.startUpload("slow");
    String blob = blob("slow", "first part");
    later(40);
    open.append(-1, -1, new ByteArrayInputStream("more".getBytes(UTF_8)));
    later(40);

    repositories.collect();
    assertThat(repositories.blob("slow", blob)).isPresent();

    open.cancel();
    later(40);
    repositories.collect();
    assertThat(repositories.blob("slow", blob)).isEmpty();
  }

  @Test
  void upload_thatNobodyContinues_isDropped() throws Exception {
    Upload open = repositories.startUpload("app");
    later(61);

    repositories.collect();

    assertThat(repositories.uploads()).isZero();
    assertThat(folder.resolve("images/uploads")).isEmptyDirectory();
    assertThatThrownBy(() -> open.append(-1, -1, new ByteArrayInputStream(new byte[1])))
        .isInstanceOfSatisfying(
            RegistryException.class, e -> assertThat(e.code()).isEqualTo(Code.BLOB_UPLOAD_UNKNOWN));
  }

  @Test
  void askedForBlob_isCountedOn() throws Exception {
    String blob = blob("app", "asked for");
    later(20);

    assertThat(repositories.blob("app", blob)).isPresent(); // the client won't send it now
    repositories.collect();

    assertThat(repositories.blob("app", blob)).isPresent();
  }

  @Test
  void untaggedManifest_thatAFunctionUses_stays_withItsContent() throws Exception {
    String used = push("app", "1", image(Map.of(ImageLabels.KIND, "host"), layer("f", "1")));
    inUse.add(used);
    push("app", "1", image(Map.of(ImageLabels.KIND, "host"), layer("f", "2")));
    later(100);

    repositories.collect();

    assertThat(repositories.manifest("app", used)).isPresent();
    for (Descriptor layer : store.manifest(used).layers()) {
      assertThat(store.blobs().path(layer.digest())).exists();
    }
  }

  @Test
  void manifestLargerThanSmallBlobs_keepsItsLayers() throws Exception {
    String blob = blob("large", "layer");
    String config = blob("large", "{}");
    String manifest =
        "{\"schemaVersion\":2,\"config\":"
            + descriptor(config, 2)
            + ",\"layers\":["
            + descriptor(blob, 5)
            + "],\"annotations\":{\"much\":\""
            + "x".repeat(1 << 20)
            + "\"}}";
    put("large", "1", OciJson.MANIFEST, manifest);
    later(100);

    repositories.collect();

    assertThat(repositories.blob("large", blob)).isPresent();
  }

  @Test
  void crashInTheMiddleOfACollection_leavesAConsistentStore() throws Exception {
    String gone = push("gone", "1", image(Map.of(ImageLabels.KIND, "host"), layer("f", "1")));
    Path tree = store.resolve("gone:1").rootFolder();
    // As a process killed after it had moved the tree aside, and before all was deleted.
    Path aside =
        Files.createDirectories(folder.resolve("images/tmp/garbage1/" + tree.getFileName()));
    Files.delete(tree.resolve("f"));
    Files.delete(tree);
    assertThat(aside).exists();

    ImageStore next =
        new ImageStore(folder.resolve("images"), HOST, UnpackLimits.DEFAULT, () -> now);

    assertThat(next.resolve("gone:1").rootFolder().resolve("f")).hasContent("1");
    assertThat(next.resolve("gone:1").digest()).isEqualTo(gone);
    later(60 * 25);
    next.collect(Set.of(), Long.MAX_VALUE);
    assertThat(folder.resolve("images/tmp")).isEmptyDirectory();
  }

  @Test
  void pushesDeploysAndCollectionsAtOnce_loseNothing() throws Exception {
    AtomicBoolean collecting = new AtomicBoolean(true);
    CountDownLatch pushed = new CountDownLatch(40);
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      Future<?> collector =
          threads.submit(
              () -> {
                while (collecting.get()) {
                  repositories.collect();
                  store.collect(Set.copyOf(inUse), /* capBytes= */ 0);
                }
                return null;
              });
      List<Future<String>> pushes =
          IntStream.range(0, 40)
              .mapToObj(
                  i ->
                      threads.submit(
                          () -> {
                            try {
                              return pushAgedAndRun("app" + i % 5, "v" + i, i);
                            } finally {
                              pushed.countDown();
                            }
                          }))
              .toList();
      pushed.await();
      collecting.set(false);
      collector.get();
      for (Future<String> push : pushes) {
        push.get();
      }
    }
    Set<String> tags = new TreeSet<>();
    for (int i = 0; i < 5; i++) {
      tags.addAll(repositories.tags("app" + i).orElseThrow());
    }
    assertThat(tags)
        .isEqualTo(IntStream.range(0, 40).mapToObj(i -> "v" + i).collect(Collectors.toSet()));
    assertThat(repositories.uploads()).isZero();
    assertThat(folder.resolve("images/tmp")).isEmptyDirectory();
  }

  /** Blobs look old, as if they lay about since long: only asking for them keeps them. */
  private String pushAgedAndRun(String name, String tag, int mark) throws IOException {
    byte[] layer = layer("f", "content " + mark % 7);
    String shared = Sha256.of(TarBall.packed(layer));
    Path file = store.blobs().path(shared);
    if (Files.exists(file)) {
      try {
        Files.setLastModifiedTime(file, FileTime.from(now.minus(Duration.ofDays(1))));
      } catch (IOException e) {
        // collected already
      }
    }
    String digest =
        push(name, tag, image(Map.of(ImageLabels.KIND, "host", "mark", "" + mark), layer));
    HostImage image = store.resolve(name + ":" + tag);
    inUse.add(digest);
    assertThat(image.rootFolder().resolve("f")).hasContent("content " + mark % 7);
    return digest;
  }

  private void later(int minutes) {
    now = now.plus(Duration.ofMinutes(minutes));
  }

  private String push(String name, String reference, byte[] manifest) throws IOException {
    Manifest parsed = OciJson.readManifest(manifest);
    for (Descriptor part : parsed.layers()) {
      sendIfMissing(name, part.digest());
    }
    sendIfMissing(name, parsed.config().digest());
    return repositories
        .putManifest(
            name,
            reference.startsWith("sha256") ? Sha256.of(manifest) : reference,
            OciJson.MANIFEST,
            manifest)
        .digest();
  }

  private final Map<String, byte[]> contents = new ConcurrentHashMap<>();

  /** What a client does: asks, mounts, sends. */
  private void sendIfMissing(String name, String digest) throws IOException {
    if (repositories.blob(name, digest).isEmpty()
        && !repositories.mount(name, digest, Optional.empty())) {
      Upload upload = repositories.startUpload(name);
      upload.append(-1, -1, new ByteArrayInputStream(contents.get(digest)));
      upload.finish(digest);
    }
  }

  private String blob(String name, String content) throws IOException {
    byte[] bytes = content.getBytes(UTF_8);
    Upload upload = repositories.startUpload(name);
    upload.append(-1, bytes.length, new ByteArrayInputStream(bytes));
    upload.finish(Sha256.of(bytes));
    return Sha256.of(bytes);
  }

  private void put(String name, String reference, String type, String manifest) throws IOException {
    repositories.putManifest(name, reference, type, manifest.getBytes(UTF_8));
  }

  private byte[] image(Map<String, String> labels, byte[] layer) {
    byte[] packed = TarBall.packed(layer);
    byte[] config =
        OciJson.config(
            new ImageConfig(HOST, Map.of("fprocess", "cat"), labels, List.of(Sha256.of(layer))));
    contents.put(Sha256.of(packed), packed);
    contents.put(Sha256.of(config), config);
    return OciJson.manifest(
        new Manifest(
            new Descriptor(OciJson.CONFIG, Sha256.of(config), config.length),
            List.of(new Descriptor(OciJson.LAYER_GZIP, Sha256.of(packed), packed.length))));
  }

  private static byte[] layer(String name, String content) {
    return new TarBall().file(APP + name, content).plain();
  }

  private static String descriptor(String digest, int size) {
    return "{\"mediaType\":\"a/b\",\"digest\":\"" + digest + "\",\"size\":" + size + "}";
  }
}
