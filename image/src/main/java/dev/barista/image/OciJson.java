package dev.barista.image;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * OCI's JSON documents to and from records. Written field by field, in one order, no timestamps.
 */
final class OciJson {

  static final String INDEX = "application/vnd.oci.image.index.v1+json";
  static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  static final String CONFIG = "application/vnd.oci.image.config.v1+json";
  static final String LAYER_GZIP = "application/vnd.oci.image.layer.v1.tar+gzip";
  static final String REF_NAME = "org.opencontainers.image.ref.name";

  private static final String WORKING_FOLDER = "/home/app";
  private static final JsonMapper MAPPER = new JsonMapper();

  private OciJson() {}

  static byte[] index(List<Descriptor> manifests) {
    ObjectNode root = MAPPER.createObjectNode().put("schemaVersion", 2).put("mediaType", INDEX);
    ArrayNode array = root.putArray("manifests");
    manifests.forEach(manifest -> array.add(descriptor(manifest)));
    return MAPPER.writeValueAsBytes(root);
  }

  static List<Descriptor> readIndex(byte[] json) {
    return descriptors(parse(json, "index").path("manifests"));
  }

  static byte[] manifest(Manifest manifest) {
    ObjectNode root = MAPPER.createObjectNode().put("schemaVersion", 2).put("mediaType", MANIFEST);
    root.set("config", descriptor(manifest.config()));
    ArrayNode layers = root.putArray("layers");
    manifest.layers().forEach(layer -> layers.add(descriptor(layer)));
    return MAPPER.writeValueAsBytes(root);
  }

  static Manifest readManifest(byte[] json) {
    JsonNode root = parse(json, "manifest");
    return new Manifest(descriptor(root.path("config")), descriptors(root.path("layers")));
  }

  /**
   * Any document of a registry.
   *
   * @throws FaasException IMAGE_INVALID for what isn't one
   */
  static ManifestDocument readDocument(byte[] json) {
    JsonNode root = parse(json, "manifest");
    if (!root.isObject() || root.path("schemaVersion").asInt(0) != 2) {
      throw invalid("the manifest has no schemaVersion 2", null);
    }
    Optional<Descriptor> config = optional(root.path("config"));
    return new ManifestDocument(
        root.path("mediaType").asString(""),
        config,
        descriptors(root.path("layers")),
        members(root.path("manifests")),
        optional(root.path("subject")),
        root.path("artifactType").asString(config.map(Descriptor::mediaType).orElse("")),
        strings(root.path("annotations")));
  }

  private static Optional<Descriptor> optional(JsonNode node) {
    return node.isMissingNode() || node.isNull() ? Optional.empty() : Optional.of(descriptor(node));
  }

  private static List<ManifestDocument.IndexEntry> members(JsonNode array) {
    List<ManifestDocument.IndexEntry> members = new ArrayList<>();
    for (JsonNode node : array) {
      JsonNode platform = node.path("platform");
      Optional<HostPlatform> host =
          platform.isObject()
              ? Optional.of(
                  new HostPlatform(
                      platform.path("os").asString("unknown"),
                      platform.path("architecture").asString("unknown")))
              : Optional.empty();
      members.add(new ManifestDocument.IndexEntry(descriptor(node), host));
    }
    return members;
  }

  /** The answer to a question for referrers. */
  static byte[] referrers(List<Referrer> referrers) {
    ObjectNode root = MAPPER.createObjectNode().put("schemaVersion", 2).put("mediaType", INDEX);
    ArrayNode array = root.putArray("manifests");
    for (Referrer referrer : referrers) {
      ObjectNode node = descriptor(referrer.descriptor());
      if (!referrer.artifactType().isEmpty()) {
        node.put("artifactType", referrer.artifactType());
      }
      array.add(node);
    }
    return MAPPER.writeValueAsBytes(root);
  }

  /**
   * A manifest that refers to another.
   *
   * @param descriptor with the manifest's own annotations
   */
  record Referrer(Descriptor descriptor, String artifactType) {}

  static byte[] config(ImageConfig config) {
    ObjectNode root =
        MAPPER
            .createObjectNode()
            .put("architecture", config.platform().architecture())
            .put("os", config.platform().os());
    ObjectNode inner = root.putObject("config");
    ArrayNode environment = inner.putArray("Env");
    config.environment().forEach((key, value) -> environment.add(key + '=' + value));
    inner.put("WorkingDir", WORKING_FOLDER);
    ObjectNode labels = inner.putObject("Labels");
    config.labels().forEach(labels::put);
    ObjectNode rootfs = root.putObject("rootfs").put("type", "layers");
    ArrayNode diffIds = rootfs.putArray("diff_ids");
    config.diffIds().forEach(diffIds::add);
    return MAPPER.writeValueAsBytes(root);
  }

  static ImageConfig readConfig(byte[] json) {
    JsonNode root = parse(json, "configuration");
    Map<String, String> environment = new LinkedHashMap<>();
    for (JsonNode entry : root.path("config").path("Env")) {
      String text = entry.asString("");
      int equals = text.indexOf('=');
      if (equals > 0) {
        environment.put(text.substring(0, equals), text.substring(equals + 1));
      }
    }
    List<String> diffIds = new ArrayList<>();
    root.path("rootfs").path("diff_ids").forEach(id -> diffIds.add(id.asString("")));
    return new ImageConfig(
        new HostPlatform(
            root.path("os").asString("unknown"), root.path("architecture").asString("unknown")),
        environment,
        strings(root.path("config").path("Labels")),
        diffIds);
  }

  /** The token in an answer of a token server. */
  static Optional<String> readToken(byte[] json) {
    JsonNode root = parse(json, "token");
    String token = root.path("token").asString("");
    String text = token.isEmpty() ? root.path("access_token").asString("") : token;
    boolean usable = !text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c < 127);
    return usable ? Optional.of(text) : Optional.empty();
  }

  /** The first sentence of a registry's error. */
  static Optional<String> readComplaint(byte[] json) {
    try {
      String text = MAPPER.readTree(json).path("errors").path(0).path("message").asString("");
      return text.isEmpty() ? Optional.empty() : Optional.of(text);
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  /**
   * Docker's login for a registry, the value of an Authorization header.
   *
   * @param json content of {@code config.json}
   */
  static Optional<String> readLogin(byte[] json, List<String> names) {
    JsonNode auths = parse(json, "file of logins").path("auths");
    for (String name : names) {
      String auth = auths.path(name).path("auth").asString("");
      if (auth.matches("[A-Za-z0-9+/=]+")) {
        return Optional.of("Basic " + auth);
      }
    }
    return Optional.empty();
  }

  private static ObjectNode descriptor(Descriptor descriptor) {
    ObjectNode node =
        MAPPER
            .createObjectNode()
            .put("mediaType", descriptor.mediaType())
            .put("digest", descriptor.digest())
            .put("size", descriptor.size());
    if (!descriptor.annotations().isEmpty()) {
      ObjectNode annotations = node.putObject("annotations");
      descriptor.annotations().forEach(annotations::put);
    }
    return node;
  }

  private static List<Descriptor> descriptors(JsonNode array) {
    List<Descriptor> descriptors = new ArrayList<>();
    array.forEach(node -> descriptors.add(descriptor(node)));
    return descriptors;
  }

  private static Descriptor descriptor(JsonNode node) {
    String digest = node.path("digest").asString("");
    long size = node.path("size").asLong(-1);
    if (Sha256.hex(digest).isEmpty() || size < 0) {
      throw invalid("descriptor without a size", null);
    }
    return new Descriptor(
        node.path("mediaType").asString(""), digest, size, strings(node.path("annotations")));
  }

  private static Map<String, String> strings(JsonNode object) {
    Map<String, String> strings = new LinkedHashMap<>();
    object.properties().forEach(e -> strings.put(e.getKey(), e.getValue().asString("")));
    return strings;
  }

  private static JsonNode parse(byte[] json, String what) {
    try {
      return MAPPER.readTree(json);
    } catch (JacksonException e) {
      throw invalid("the " + what + " isn't JSON", e);
    }
  }

  private static FaasException invalid(String message, @Nullable Throwable e) {
    return new FaasException(ErrorCode.IMAGE_INVALID, "image", message, null, e);
  }
}
