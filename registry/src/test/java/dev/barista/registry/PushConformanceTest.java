package dev.barista.registry;

import static dev.barista.registry.RunningRegistry.INDEX;
import static dev.barista.registry.RunningRegistry.MANIFEST;
import static dev.barista.registry.RunningRegistry.descriptor;
import static dev.barista.registry.RunningRegistry.digest;
import static dev.barista.registry.RunningRegistry.header;
import static dev.barista.registry.RunningRegistry.location;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Push, as the OCI distribution specification 1.1 asks for it. */
class PushConformanceTest extends RegistryFixture {

  @Test
  void blobInOneRequest() throws Exception {
    HttpResponse<String> answer =
        registry.post(ROOT + "/blobs/uploads/?digest=" + digest(BLOB), BLOB);

    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(registry.get(location(answer)).body()).isEqualTo(new String(BLOB, UTF_8));
    assertThat(registry.repositories.uploads()).isZero();
  }

  @Test
  void blobInTwoRequests() throws Exception {
    HttpResponse<String> begun = registry.post(ROOT + "/blobs/uploads/", new byte[0]);
    assertThat(begun.statusCode()).isEqualTo(202);

    HttpResponse<String> answer = registry.put(location(begun) + "?digest=" + digest(BLOB), BLOB);

    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(header(answer, "Docker-Content-Digest")).isEqualTo(digest(BLOB));
    assertThat(registry.get(location(answer)).statusCode()).isEqualTo(200);
  }

  @Test
  void blobAsAStream() throws Exception {
    HttpResponse<String> streamed = registry.stream("PATCH", registry.upload(NAME), BLOB);
    assertThat(streamed.statusCode()).isEqualTo(202);
    assertThat(header(streamed, "Range")).isEqualTo("0-20");

    HttpResponse<String> answer =
        registry.put(location(streamed) + "?digest=" + digest(BLOB), new byte[0]);

    assertThat(answer.statusCode()).isEqualTo(201);
  }

  @Test
  void blobInChunks_withTheStateAskedForInBetween() throws Exception {
    String upload = registry.upload(NAME);
    byte[] first = Arrays.copyOf(BLOB, 10);
    byte[] rest = Arrays.copyOfRange(BLOB, 10, BLOB.length);

    assertError(registry.patch(upload, "10-20", rest), 416, "BLOB_UPLOAD_INVALID");
    HttpResponse<String> one = registry.patch(upload, "0-9", first);
    assertThat(one.statusCode()).isEqualTo(202);
    assertThat(header(one, "Range")).isEqualTo("0-9");

    HttpResponse<String> state = registry.get(location(one));
    assertThat(state.statusCode()).isEqualTo(204);
    assertThat(header(state, "Range")).isEqualTo("0-9");

    HttpResponse<String> again = registry.patch(location(state), "0-9", first);
    assertError(again, 416, "BLOB_UPLOAD_INVALID");
    assertThat(header(again, "Range")).isEqualTo("0-9");

    HttpResponse<String> two = registry.patch(location(state), "10-20", rest);
    assertThat(header(two, "Range")).isEqualTo("0-20");
    HttpResponse<String> done =
        registry.put(location(two) + "?digest=" + digest(BLOB), new byte[0]);
    assertThat(done.statusCode()).isEqualTo(201);
    assertThat(registry.get(location(done)).body()).isEqualTo(new String(BLOB, UTF_8));
  }

  @Test
  void lastChunk_mayComeWithTheDigest() throws Exception {
    HttpResponse<String> one =
        registry.patch(registry.upload(NAME), "0-9", Arrays.copyOf(BLOB, 10));

    HttpResponse<String> done =
        registry.send(
            registry
                .request(location(one) + "?digest=" + digest(BLOB))
                .header("Content-Range", "10-20")
                .PUT(
                    HttpRequest.BodyPublishers.ofByteArray(
                        Arrays.copyOfRange(BLOB, 10, BLOB.length))));

    assertThat(done.statusCode()).isEqualTo(201);
  }

  @Test
  void upload_canBeCancelled() throws Exception {
    String upload = registry.upload(NAME);

    assertThat(registry.delete(upload).statusCode()).isEqualTo(204);

    assertError(registry.get(upload), 404, "BLOB_UPLOAD_UNKNOWN");
    assertError(registry.delete(upload), 404, "BLOB_UPLOAD_UNKNOWN");
    assertThat(registry.repositories.uploads()).isZero();
  }

  @Test
  void wrongDigest_isRefused_andNothingStays() throws Exception {
    assertError(
        registry.post(ROOT + "/blobs/uploads/?digest=" + ABSENT, BLOB), 400, "DIGEST_INVALID");
    assertError(
        registry.put(registry.upload(NAME) + "?digest=" + ABSENT, BLOB), 400, "DIGEST_INVALID");
    assertError(registry.post(ROOT + "/blobs/uploads/?digest=md5:1", BLOB), 400, "DIGEST_INVALID");
    assertError(registry.put(registry.upload(NAME), BLOB), 400, "DIGEST_INVALID");

    assertThat(registry.head(ROOT + "/blobs/" + ABSENT).statusCode()).isEqualTo(404);
    assertThat(registry.head(ROOT + "/blobs/" + digest(BLOB)).statusCode()).isEqualTo(404);
  }

  @Test
  void blobIsMountedFromAnotherRepository() throws Exception {
    String digest = registry.blob("other", BLOB);

    HttpResponse<String> answer =
        registry.post(ROOT + "/blobs/uploads/?mount=" + digest + "&from=other", new byte[0]);

    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(registry.get(location(answer)).body()).isEqualTo(new String(BLOB, UTF_8));
  }

  @ParameterizedTest
  @CsvSource({"other, 202", "elsewhere, 202", "'', 201"})
  void mountOfWhatIsntThere_beginsAnUpload(String from, int status) throws Exception {
    String digest = registry.blob("third", BLOB);
    String query = "?mount=" + digest + (from.isEmpty() ? "" : "&from=" + from);

    HttpResponse<String> answer = registry.post(ROOT + "/blobs/uploads/" + query, new byte[0]);

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(location(answer)).startsWith(ROOT + "/blobs/");
  }

  @Test
  void manifest_needsItsBlobs() throws Exception {
    String manifest =
        "{\"schemaVersion\":2,\"config\":" + descriptor("x/y", ABSENT, 3) + ",\"layers\":[]}";

    assertError(
        registry.putManifest(ROOT + "/manifests/1", MANIFEST, manifest),
        400,
        "MANIFEST_BLOB_UNKNOWN");
    assertError(
        registry.putManifest(
            ROOT + "/manifests/1",
            INDEX,
            "{\"schemaVersion\":2,\"manifests\":[" + descriptor(MANIFEST, ABSENT, 3) + "]}"),
        400,
        "MANIFEST_BLOB_UNKNOWN");
  }

  @Test
  void manifestByDigest_mustHaveIt() throws Exception {
    String manifest = registry.manifest(NAME, "1");

    assertError(
        registry.putManifest(ROOT + "/manifests/" + ABSENT, MANIFEST, manifest),
        400,
        "DIGEST_INVALID");
    HttpResponse<String> answer =
        registry.putManifest(ROOT + "/manifests/" + digest(manifest), MANIFEST, manifest);

    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(registry.get(location(answer)).body()).isEqualTo(manifest);
  }

  @Test
  void manifestWithoutLayers_andIndexOfIt_areTaken() throws Exception {
    String config = registry.blob(NAME, "{}".getBytes(UTF_8));
    String manifest =
        "{\"schemaVersion\":2,\"mediaType\":\""
            + MANIFEST
            + "\",\"config\":"
            + descriptor("application/vnd.oci.empty.v1+json", config, 2)
            + ",\"layers\":[]}";
    assertThat(registry.putManifest(ROOT + "/manifests/a", MANIFEST, manifest).statusCode())
        .isEqualTo(201);
    String index =
        "{\"schemaVersion\":2,\"manifests\":["
            + descriptor(MANIFEST, digest(manifest), manifest.length())
            + "]}";

    assertThat(registry.putManifest(ROOT + "/manifests/all", INDEX, index).statusCode())
        .isEqualTo(201);
    assertThat(header(registry.get(ROOT + "/manifests/all"), "Content-Type")).isEqualTo(INDEX);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no json",
        "[]",
        "{\"schemaVersion\":1}",
        "{\"schemaVersion\":2}",
        "{\"schemaVersion\":2,\"config\":{\"digest\":\"../../etc/passwd\",\"size\":1}}",
        "{\"schemaVersion\":2,\"config\":{\"digest\":\"sha256:0\",\"size\":-1}}",
        "{\"schemaVersion\":2,\"mediaType\":\"text/html\",\"config\":{}}"
      })
  void whatIsNoManifest_isRefused(String text) throws Exception {
    assertError(
        registry.putManifest(ROOT + "/manifests/1", MANIFEST, text), 400, "MANIFEST_INVALID");
  }

  @Test
  void manifestOfAnUnknownKind_orTooLarge_isRefused() throws Exception {
    String manifest = registry.manifest(NAME, "1");

    assertError(
        registry.putManifest(ROOT + "/manifests/1", "text/plain", manifest),
        400,
        "MANIFEST_INVALID");
    assertError(
        registry.putManifest(ROOT + "/manifests/1", MANIFEST, manifest + " ".repeat(4 << 20)),
        413,
        "SIZE_INVALID");
  }

  @Test
  void tag_movesToWhatIsPushedLast() throws Exception {
    String first = registry.manifest(NAME, "1");
    String second = registry.manifest(NAME, "2");
    registry.putManifest(ROOT + "/manifests/latest", MANIFEST, first);
    registry.putManifest(ROOT + "/manifests/latest", MANIFEST, second);

    assertThat(registry.get(ROOT + "/manifests/latest").body()).isEqualTo(second);
    assertThat(registry.get(ROOT + "/manifests/" + digest(first)).body()).isEqualTo(first);
  }
}
