package dev.barista.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barista.api.FaasException;
import dev.barista.image.FakeRegistry.Fixed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Images of other registries, honest and hostile. */
@Timeout(60)
class ImagePullerTest {

  private static final HostPlatform HOST = new HostPlatform("linux", "amd64");
  private static final ImageReference NAME = ImageReference.parse("reg.example.com/team/app:1");
  private static final String ROOT = "/v2/team/app";

  @TempDir Path folder;

  private ImageStore store;
  private FakeRegistry registry;

  // Mutable state
  private ImagePuller.Room room = bytes -> {};
  private byte[] layer = new byte[0];
  private byte[] config = new byte[0];
  private byte[] manifest = new byte[0];

  @BeforeEach
  void start() throws IOException {
    store =
        new ImageStore(
            folder.resolve("images"), HOST, UnpackLimits.DEFAULT, InstantSource.system());
    registry = new FakeRegistry();
    offer("host", new TarBall().file("home/app/f", "x").plain());
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private void offer(String kind, byte[] plain) {
    layer = TarBall.packed(plain);
    config =
        OciJson.config(
            new ImageConfig(
                HOST,
                Map.of("fprocess", "cat"),
                Map.of(ImageLabels.KIND, kind),
                List.of(Sha256.of(plain))));
    manifest = manifest(layer.length);
    registry
        .answers(ROOT + "/manifests/1", manifest)
        .answers(ROOT + "/blobs/" + Sha256.of(config), config)
        .answers(ROOT + "/blobs/" + Sha256.of(layer), layer);
  }

  private byte[] manifest(long layerBytes) {
    return OciJson.manifest(
        new Manifest(
            new Descriptor(OciJson.CONFIG, Sha256.of(config), config.length),
            List.of(new Descriptor(OciJson.LAYER_GZIP, Sha256.of(layer), layerBytes))));
  }

  private void pull(ImageReference name, Optional<String> login) throws IOException {
    new ImagePuller(store, 1 << 20, 2 << 20, Duration.ofMinutes(1), room)
        .pull(
            name,
            "team/app",
            RemoteRegistry.foreign(registry.url(), login, FakeRegistry.transport()));
  }

  private void assertRefused(String sentence) {
    assertThatThrownBy(() -> pull(NAME, Optional.empty()))
        .isInstanceOf(FaasException.class)
        .hasMessageContaining(sentence);
    assertThat(folder.resolve("images/tmp")).isEmptyDirectory();
    assertThatThrownBy(() -> store.resolve(NAME.toString()))
        .hasMessageContaining("isn't in this host's store");
  }

  @Test
  void hostImage_comesAndRuns_underItsWholeName() throws Exception {
    pull(NAME, Optional.empty());

    assertThat(store.resolve(NAME.toString()).rootFolder().resolve("f")).hasContent("x");
  }

  @Test
  void byDigest_onlyThatManifestIsTaken() throws Exception {
    ImageReference exact = ImageReference.parse("reg.example.com/team/app@" + Sha256.of(manifest));
    registry.answers(ROOT + "/manifests/" + Sha256.of(manifest), "{}".getBytes(UTF_8));

    assertThatThrownBy(() -> pull(exact, Optional.empty()))
        .hasMessageContaining("sent another manifest than sha256:");

    registry.answers(ROOT + "/manifests/" + Sha256.of(manifest), manifest);
    pull(exact, Optional.empty());
    assertThat(store.resolve(exact.toString()).digest()).isEqualTo(Sha256.of(manifest));
  }

  @Test
  void ordinaryContainerImage_isRefused_beforeItsLayersAreLoaded() {
    offer("", new TarBall().file("etc/passwd", "x").plain());

    assertRefused("is a full container image");
    assertThat(registry.asked).noneMatch(line -> line.contains(Sha256.of(layer)));
  }

  @Test
  void damagedOrOverlongLayer_isRefused() {
    String path = ROOT + "/blobs/" + Sha256.of(layer);
    byte[] other = layer.clone();
    other[other.length - 1] ^= 1;
    for (byte[] sent :
        List.of(
            other,
            Arrays.copyOf(layer, layer.length - 1),
            Arrays.copyOf(layer, layer.length + 1))) {
      registry.answers(path, sent);
      assertRefused("sent other content than sha256:");
    }
  }

  @Test
  void tooLargeLayerManifestOrImage_isRefusedUnread() {
    registry.answers(ROOT + "/manifests/1", manifest((1 << 20) + 1));
    assertRefused("layer of " + NAME + " is larger than 1048576 bytes");
    registry.answers(ROOT + "/manifests/1", new byte[(4 << 20) + 1]);
    assertRefused("manifest of " + NAME + " is larger than 4194304 bytes");
    assertThat(registry.asked).noneMatch(line -> line.contains(Sha256.of(layer)));
  }

  @Test
  void fullStore_takesNoLayer() {
    room =
        bytes -> {
          throw new RegistryException(RegistryException.Code.STORAGE_FULL, "full");
        };

    assertThatThrownBy(() -> pull(NAME, Optional.empty())).isInstanceOf(RegistryException.class);
    assertThat(registry.asked).noneMatch(line -> line.contains(Sha256.of(layer)));
  }

  @Test
  void whatIsNoManifest_isRefused() {
    for (String text : List.of("", "<html>", "{}", "{\"schemaVersion\":2}")) {
      registry.answers(ROOT + "/manifests/1", Fixed.of(200, text));
      assertThatThrownBy(() -> pull(NAME, Optional.empty()))
          .as(text)
          .isInstanceOf(FaasException.class);
    }
  }

  @Test
  void bearerToken_isFetchedFromWhereTheChallengeSays() throws Exception {
    registry.wanted = "Bearer t0ken";
    registry.challenge =
        "Bearer realm=\"" + registry.url() + "/token?x=1\",service=\"reg\",scope=\"other\"";
    String token = "/token?x=1&scope=repository%3Ateam%2Fapp%3Apull&service=reg";
    registry.answers(token, Fixed.of(200, "{\"token\":\"t0ken\"}"));

    pull(NAME, Optional.of("Basic bG9naW4="));

    assertThat(store.resolve(NAME.toString()).rootFolder().resolve("f")).hasContent("x");
    assertThat(registry.asked).contains("GET " + token + " Basic bG9naW4=");
    assertThat(registry.asked.getFirst()).endsWith(" null");
  }

  @Test
  void basicLogin_isSentWhenAsked() throws Exception {
    registry.wanted = "Basic bG9naW4=";
    registry.challenge = "Basic realm=\"x\"";

    assertThatThrownBy(() -> pull(NAME, Optional.empty())).hasMessageContaining("wants a login");
    pull(NAME, Optional.of("Basic bG9naW4="));

    assertThat(store.resolve(NAME.toString()).digest()).isEqualTo(Sha256.of(manifest));
  }

  @Test
  void redirect_isFollowed_andNeverTakesTheLoginElsewhere() throws Exception {
    try (FakeRegistry storage = new FakeRegistry()) {
      storage.answers("/cdn", layer);
      registry.wanted = "Basic bG9naW4=";
      registry.challenge = "Basic realm=\"x\"";
      registry.answers(
          ROOT + "/blobs/" + Sha256.of(layer),
          new Fixed(307, Map.of("Location", storage.url() + "/cdn"), new byte[0]));

      pull(NAME, Optional.of("Basic bG9naW4="));

      assertThat(storage.asked).containsExactly("GET /cdn null");
    }
  }

  @Test
  void redirectsWithoutEnd_orToWhatIsNoWeb_areRefused() {
    String path = ROOT + "/blobs/" + Sha256.of(layer);
    for (String to : List.of(path, "file:///etc/passwd", "http://user@host/", "ftp://host/")) {
      registry.answers(path, new Fixed(302, Map.of("Location", to), new byte[0]));
      assertRefused("redirects ");
    }
  }

  @Test
  void complaint_isToldInOneLine() {
    registry.answers(
        ROOT + "/manifests/1",
        Fixed.of(403, "{\"errors\":[{\"code\":\"DENIED\",\"message\":\"not\\nyou\"}]}"));

    assertRefused("with status 403 (log in first): not you");
  }

  @Test
  void logins_areReadFromDockersFile() throws Exception {
    Path file = folder.resolve("config.json");
    Files.writeString(
        file,
        """
        {"auths": {"reg.example.com": {"auth": "YTpi"},
                   "https://index.docker.io/v1/": {"auth": "Yzpk"},
                   "empty.example.com": {}}}
        """);
    DockerLogins logins = new DockerLogins(file);

    assertThat(logins.find("reg.example.com")).contains("Basic YTpi");
    assertThat(logins.find("docker.io")).contains("Basic Yzpk");
    assertThat(logins.find("empty.example.com")).isEmpty();
    assertThat(logins.find("other")).isEmpty();
    assertThat(new DockerLogins(folder.resolve("none")).find("x")).isEmpty();
  }
}
