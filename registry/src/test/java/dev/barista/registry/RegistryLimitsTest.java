package dev.barista.registry;

import static dev.barista.registry.RunningRegistry.digest;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the registry refuses beyond the specification: names, sizes, numbers. */
class RegistryLimitsTest extends RegistryFixture {

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
        registry.post(ROOT + "/blobs/uploads/?digest=" + digest(more), more), 507, "STORAGE_FULL");
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
