package dev.barista.registry;

import static dev.barista.registry.RunningRegistry.MANIFEST;
import static dev.barista.registry.RunningRegistry.digest;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Content management, as the OCI distribution specification 1.1 asks for it: what can be deleted.
 */
class ManagementConformanceTest extends RegistryFixture {

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
