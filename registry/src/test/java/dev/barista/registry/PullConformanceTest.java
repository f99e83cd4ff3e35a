package dev.barista.registry;

import static dev.barista.registry.RunningRegistry.MANIFEST;
import static dev.barista.registry.RunningRegistry.digest;
import static dev.barista.registry.RunningRegistry.header;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pull: what the OCI distribution specification 1.1 asks of every registry. */
class PullConformanceTest extends RegistryFixture {

  @Test
  void theApi_saysThatItIsThere() throws Exception {
    HttpResponse<String> answer = registry.get("/v2/");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(header(answer, "Docker-Distribution-API-Version")).isEqualTo("registry/2.0");
  }

  @Test
  void withoutAPassword_everyPathIsRefused() throws Exception {
    for (String path : List.of("/v2/", ROOT + "/tags/list", ROOT + "/manifests/x", "/v2/x")) {
      HttpResponse<String> answer = registry.send(HttpRequest.newBuilder(registry.url(path)));

      assertError(answer, 401, "UNAUTHORIZED");
      assertThat(header(answer, "WWW-Authenticate")).startsWith("Basic realm=");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD"})
  void unknownContent_is404(String method) throws Exception {
    for (String path : List.of("/blobs/" + ABSENT, "/manifests/" + ABSENT, "/manifests/.no-tag")) {
      HttpResponse<String> answer =
          registry.send(
              registry.request(ROOT + path).method(method, HttpRequest.BodyPublishers.noBody()));

      assertThat(answer.statusCode()).as(path).isEqualTo(404);
    }
  }

  @Test
  void pushedBlob_comesBack() throws Exception {
    String digest = registry.blob(NAME, BLOB);

    HttpResponse<String> head = registry.head(ROOT + "/blobs/" + digest);
    HttpResponse<byte[]> get = registry.download(ROOT + "/blobs/" + digest);

    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(header(head, "Content-Length")).isEqualTo("" + BLOB.length);
    assertThat(header(head, "Docker-Content-Digest")).isEqualTo(digest);
    assertThat(get.statusCode()).isEqualTo(200);
    assertThat(get.body()).isEqualTo(BLOB);
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=0-2, 206, the, bytes 0-2/21",
    "bytes=4-, 206, content of a blob, bytes 4-20/21",
    "bytes=-4, 206, blob, bytes 17-20/21",
    "bytes=17-99, 206, blob, bytes 17-20/21",
    "bytes=21-, 416, '', bytes */21",
    "bytes=5-3, 200, the content of a blob, ''",
    "lines=1-2, 200, the content of a blob, ''"
  })
  void partOfABlob(String range, int status, String content, String told) throws Exception {
    String digest = registry.blob(NAME, BLOB);

    HttpResponse<String> answer =
        registry.send(registry.request(ROOT + "/blobs/" + digest).header("Range", range));

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body()).isEqualTo(content);
    assertThat(header(answer, "Content-Range")).isEqualTo(told);
  }

  @Test
  void pushedManifest_comesBack_byTagAndByDigest() throws Exception {
    String manifest = registry.manifest(NAME, "1");
    registry.putManifest(ROOT + "/manifests/1.0", MANIFEST, manifest);

    for (String reference : List.of("1.0", digest(manifest))) {
      HttpResponse<String> head = registry.head(ROOT + "/manifests/" + reference);
      HttpResponse<String> get = registry.get(ROOT + "/manifests/" + reference);

      assertThat(head.statusCode()).isEqualTo(200);
      assertThat(header(head, "Content-Type")).isEqualTo(MANIFEST);
      assertThat(header(head, "Content-Length")).isEqualTo("" + manifest.length());
      assertThat(header(head, "Docker-Content-Digest")).isEqualTo(digest(manifest));
      assertThat(get.body()).isEqualTo(manifest);
    }
  }

  @Test
  void contentOfAnotherRepository_isNotShown() throws Exception {
    String digest = registry.blob("other", BLOB);
    String manifest = registry.manifest("other", "1");
    registry.putManifest("/v2/other/manifests/1", MANIFEST, manifest);

    assertError(registry.get(ROOT + "/blobs/" + digest), 404, "BLOB_UNKNOWN");
    assertError(registry.get(ROOT + "/manifests/" + digest(manifest)), 404, "MANIFEST_UNKNOWN");
  }
}
