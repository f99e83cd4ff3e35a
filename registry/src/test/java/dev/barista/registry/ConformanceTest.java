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
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the OCI distribution specification 1.1 asks of a registry, in its four groups: pull, push,
 * content discovery, content management.
 */
@Timeout(60)
class ConformanceTest {

  private static final String NAME = "team/app";
  private static final String ROOT = "/v2/" + NAME;
  private static final String ABSENT = digest("nobody has this");
  private static final byte[] BLOB = "the content of a blob".getBytes(UTF_8);
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir Path folder;

  private RunningRegistry registry;

  @BeforeEach
  void start() throws Exception {
    registry = new RunningRegistry(folder, RunningRegistry.LIMITS);
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private static void assertError(HttpResponse<String> answer, int status, String code)
      throws Exception {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(header(answer, "Content-Type")).isEqualTo("application/json");
    JsonNode error = JSON.readTree(answer.body()).path("errors").path(0);
    assertThat(error.path("code").asString()).isEqualTo(code);
    assertThat(error.path("message").asString()).isNotBlank();
  }

  @Nested
  class Pull {

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
      for (String path :
          List.of("/blobs/" + ABSENT, "/manifests/" + ABSENT, "/manifests/.no-tag")) {
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

  @Nested
  class Push {

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
      assertError(
          registry.post(ROOT + "/blobs/uploads/?digest=md5:1", BLOB), 400, "DIGEST_INVALID");
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

  @Nested
  class Discovery {

    @Test
    void tags_inOrder_andInPages() throws Exception {
      String manifest = registry.manifest(NAME, "1");
      for (String tag : List.of("b", "a", "C", "10", "9")) {
        registry.putManifest(ROOT + "/manifests/" + tag, MANIFEST, manifest);
      }

      assertThat(tags("")).containsExactly("10", "9", "C", "a", "b");
      assertThat(tags("?n=2")).containsExactly("10", "9");
      assertThat(tags("?n=2&last=9")).containsExactly("C", "a");
      assertThat(tags("?last=a")).containsExactly("b");
      assertThat(tags("?n=0")).isEmpty();
      assertThat(tags("?n=99")).hasSize(5);
      assertThat(header(registry.get(ROOT + "/tags/list?n=2"), "Link"))
          .isEqualTo("<" + ROOT + "/tags/list?n=2&last=9>; rel=\"next\"");
      assertThat(header(registry.get(ROOT + "/tags/list?n=5"), "Link")).isEmpty();
    }

    private List<String> tags(String query) throws Exception {
      HttpResponse<String> answer = registry.get(ROOT + "/tags/list" + query);
      assertThat(answer.statusCode()).isEqualTo(200);
      JsonNode json = JSON.readTree(answer.body());
      assertThat(json.path("name").asString()).isEqualTo(NAME);
      return json.path("tags").valueStream().map(JsonNode::asString).toList();
    }

    @Test
    void tagsOfAnUnknownRepository_is404() throws Exception {
      assertError(registry.get("/v2/unknown/tags/list"), 404, "NAME_UNKNOWN");
      assertError(registry.get(ROOT + "/tags/list?n=x"), 404, "NAME_UNKNOWN");
    }

    @Test
    void referrers_areFoundAndFiltered() throws Exception {
      String subject = registry.manifest(NAME, "subject");
      String signature = referrer(subject, "application/signature");
      String report = referrer(subject, "application/report");
      HttpResponse<String> first =
          registry.putManifest(ROOT + "/manifests/" + digest(signature), MANIFEST, signature);
      registry.putManifest(ROOT + "/manifests/" + digest(report), MANIFEST, report);

      assertThat(header(first, "OCI-Subject")).isEqualTo(digest(subject));
      assertThat(referrers(subject, ""))
          .containsExactlyInAnyOrder(digest(signature), digest(report));
      assertThat(referrers(subject, "?artifactType=application/report"))
          .containsExactly(digest(report));
      HttpResponse<String> filtered =
          registry.get(ROOT + "/referrers/" + digest(subject) + "?artifactType=a/b");
      assertThat(header(filtered, "OCI-Filters-Applied")).isEqualTo("artifactType");
      JsonNode one =
          JSON.readTree(registry.get(ROOT + "/referrers/" + digest(subject)).body())
              .path("manifests")
              .path(0);
      assertThat(one.path("artifactType").asString()).startsWith("application/");
      assertThat(one.path("annotations").path("by").asString()).isEqualTo("me");

      registry.delete(ROOT + "/manifests/" + digest(report));
      assertThat(referrers(subject, "")).containsExactly(digest(signature));
    }

    @Test
    void referrersOfWhatNobodyKnows_areNone() throws Exception {
      HttpResponse<String> answer = registry.get(ROOT + "/referrers/" + ABSENT);

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(header(answer, "Content-Type")).isEqualTo(INDEX);
      assertThat(JSON.readTree(answer.body()).path("manifests").isEmpty()).isTrue();
      assertError(registry.get(ROOT + "/referrers/x"), 400, "DIGEST_INVALID");
    }

    private List<String> referrers(String subject, String query) throws Exception {
      HttpResponse<String> answer = registry.get(ROOT + "/referrers/" + digest(subject) + query);
      return JSON.readTree(answer.body())
          .path("manifests")
          .valueStream()
          .map(node -> node.path("digest").asString())
          .toList();
    }

    private String referrer(String subject, String type) throws Exception {
      String config = registry.blob(NAME, "{}".getBytes(UTF_8));
      return "{\"schemaVersion\":2,\"mediaType\":\""
          + MANIFEST
          + "\",\"artifactType\":\""
          + type
          + "\",\"config\":"
          + descriptor("application/vnd.oci.empty.v1+json", config, 2)
          + ",\"layers\":[],\"subject\":"
          + descriptor(MANIFEST, digest(subject), subject.length())
          + ",\"annotations\":{\"by\":\"me\"}}";
    }
  }

  @Nested
  class Management {

    @Test
    void deletedTag_leavesTheManifest() throws Exception {
      String manifest = registry.manifest(NAME, "1");
      registry.putManifest(ROOT + "/manifests/1", MANIFEST, manifest);

      assertThat(registry.delete(ROOT + "/manifests/1").statusCode()).isEqualTo(202);

      assertError(registry.get(ROOT + "/manifests/1"), 404, "MANIFEST_UNKNOWN");
      assertError(registry.delete(ROOT + "/manifests/1"), 404, "MANIFEST_UNKNOWN");
      assertThat(registry.get(ROOT + "/manifests/" + digest(manifest)).statusCode()).isEqualTo(200);
    }

    @Test
    void deletedManifest_takesItsTags_andOnlyInItsRepository() throws Exception {
      String manifest = registry.manifest(NAME, "1");
      registry.putManifest(ROOT + "/manifests/1", MANIFEST, manifest);
      registry.putManifest(ROOT + "/manifests/one", MANIFEST, manifest);
      registry.putManifest("/v2/other/manifests/1", MANIFEST, manifest);

      assertThat(registry.delete(ROOT + "/manifests/" + digest(manifest)).statusCode())
          .isEqualTo(202);

      for (String reference : List.of("1", "one", digest(manifest))) {
        assertError(registry.get(ROOT + "/manifests/" + reference), 404, "MANIFEST_UNKNOWN");
      }
      assertThat(registry.get("/v2/other/manifests/1").body()).isEqualTo(manifest);
      assertThat(registry.get(ROOT + "/tags/list").body()).contains("\"tags\":[]");
    }

    @Test
    void deletedBlob_isGone_andStaysElsewhere() throws Exception {
      String digest = registry.blob(NAME, BLOB);
      registry.blob("other", BLOB);

      assertThat(registry.delete(ROOT + "/blobs/" + digest).statusCode()).isEqualTo(202);

      assertError(registry.get(ROOT + "/blobs/" + digest), 404, "BLOB_UNKNOWN");
      assertError(registry.delete(ROOT + "/blobs/" + digest), 404, "BLOB_UNKNOWN");
      assertThat(registry.get("/v2/other/blobs/" + digest).statusCode()).isEqualTo(200);
    }

    @Test
    void whatAFunctionUses_cantBeDeleted() throws Exception {
      String manifest = registry.manifest(NAME, "1");
      registry.putManifest(ROOT + "/manifests/1", MANIFEST, manifest);
      registry.inUse.add(digest(manifest));

      assertError(registry.delete(ROOT + "/manifests/1"), 409, "DENIED");
      assertError(registry.delete(ROOT + "/manifests/" + digest(manifest)), 409, "DENIED");
      assertThat(registry.get(ROOT + "/manifests/1").statusCode()).isEqualTo(200);
    }
  }

  @Nested
  class Limits {

    @ParameterizedTest
    @ValueSource(
        strings = {
          "UPPER",
          "a//b",
          "-a",
          "a-",
          "a..b",
          "a___b",
          "_blobs",
          "a/_manifests",
          "%2e%2e/%2e%2e/x",
          "..%2f..%2fetc",
          "a%00b",
          "a:b",
          "é"
        })
    void namesOutsideTheGrammar_reachNothing(String name) throws Exception {
      String escaped = name.replace("é", "%C3%A9");
      for (String path :
          List.of("/tags/list", "/blobs/" + ABSENT, "/manifests/x", "/referrers/" + ABSENT)) {
        HttpResponse<String> answer = registry.get("/v2/" + escaped + path);

        assertThat(answer.statusCode()).as(name + path).isIn(301, 400, 404);
      }
      assertThat(registry.post("/v2/" + escaped + "/blobs/uploads/", new byte[0]).statusCode())
          .isIn(301, 400, 404);
      assertThat(registry.repositories.uploads()).isZero();
    }

    @Test
    void longName_isRefused() throws Exception {
      assertError(
          registry.post("/v2/" + "a".repeat(256) + "/blobs/uploads/", new byte[0]),
          400,
          "NAME_INVALID");
    }

    @Test
    void uploadsAtOnce_areCapped() throws Exception {
      List<String> open =
          IntStream.range(0, 4)
              .mapToObj(
                  i -> {
                    try {
                      return registry.upload("app" + i);
                    } catch (Exception e) {
                      throw new AssertionError(e);
                    }
                  })
              .toList();

      assertError(registry.post(ROOT + "/blobs/uploads/", new byte[0]), 429, "TOOMANYREQUESTS");
      registry.delete(open.getFirst());
      assertThat(registry.post(ROOT + "/blobs/uploads/", new byte[0]).statusCode()).isEqualTo(202);
    }

    @Test
    void largeBlob_isRefused_announcedOrNot() throws Exception {
      byte[] large = new byte[(8 << 20) + 1];

      assertError(
          registry.post(ROOT + "/blobs/uploads/?digest=" + digest(large), large),
          413,
          "SIZE_INVALID");
      assertError(registry.stream("PATCH", registry.upload(NAME), large), 413, "SIZE_INVALID");
    }

    @Test
    void fullStore_is507_untilSomethingGoes() throws Exception {
      for (int i = 0; i < 4; i++) {
        byte[] blob = new byte[(8 << 20) - 1];
        blob[0] = (byte) i;
        registry.blob(NAME, blob);
      }

      byte[] more = new byte[64];
      assertError(
          registry.post(ROOT + "/blobs/uploads/?digest=" + digest(more), more),
          507,
          "STORAGE_FULL");
      assertThat(registry.repositories.uploads()).isZero();
    }

    @Test
    void uploadOfAnotherRepository_isUnknown() throws Exception {
      String upload = registry.upload("other");

      assertError(
          registry.get(upload.replace("/other/", "/" + NAME + "/")), 404, "BLOB_UPLOAD_UNKNOWN");
      assertError(registry.get(ROOT + "/blobs/uploads/..%2f..%2fx"), 404, "BLOB_UPLOAD_UNKNOWN");
    }

    @Test
    void otherMethodsAndPaths_areToldSo() throws Exception {
      assertError(registry.delete("/v2/"), 405, "UNSUPPORTED");
      assertError(registry.put(ROOT + "/tags/list", BLOB), 405, "UNSUPPORTED");
      assertError(registry.get(ROOT + "/blobs/uploads/"), 405, "UNSUPPORTED");
      assertError(registry.get("/v2/nothing"), 404, "NAME_UNKNOWN");
    }

    @Test
    void chunkOfAnotherLengthThanSaid_isRefused() throws Exception {
      assertError(registry.patch(registry.upload(NAME), "0-99", BLOB), 400, "SIZE_INVALID");
      assertError(
          registry.patch(registry.upload(NAME), "nonsense", BLOB), 416, "BLOB_UPLOAD_INVALID");
    }
  }
}
