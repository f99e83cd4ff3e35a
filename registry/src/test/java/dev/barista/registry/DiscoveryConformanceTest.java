package dev.barista.registry;

import static dev.barista.registry.RunningRegistry.INDEX;
import static dev.barista.registry.RunningRegistry.MANIFEST;
import static dev.barista.registry.RunningRegistry.descriptor;
import static dev.barista.registry.RunningRegistry.digest;
import static dev.barista.registry.RunningRegistry.header;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Content discovery, as the OCI distribution specification 1.1 asks for it: tags and referrers. */
class DiscoveryConformanceTest extends RegistryFixture {

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
    assertThat(referrers(subject, "")).containsExactlyInAnyOrder(digest(signature), digest(report));
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
