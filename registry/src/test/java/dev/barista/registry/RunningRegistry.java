package dev.barista.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.barista.http.Access;
import dev.barista.http.Answer;
import dev.barista.http.ErrorMapper;
import dev.barista.http.EventLoops;
import dev.barista.http.Gatekeeper;
import dev.barista.http.HttpServer;
import dev.barista.http.HttpServerConfig;
import dev.barista.http.Methods;
import dev.barista.http.RequestObserver;
import dev.barista.http.Routes;
import dev.barista.image.ImageStore;
import dev.barista.image.Repositories;
import dev.barista.image.RepositoryLimits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/** The API on a free port over a store of its own, and a client of it. */
final class RunningRegistry implements AutoCloseable {

  static final RepositoryLimits LIMITS =
      new RepositoryLimits(
          /* blobBytes= */ 8 << 20, /* uploads= */ 4, Duration.ofHours(1), 32L << 20);

  static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  static final String INDEX = "application/vnd.oci.image.index.v1+json";

  private static final String TOKEN = "Basic c2VjcmV0";

  final Repositories repositories;
  final ImageStore store;
  final Set<String> inUse = new HashSet<>();

  private final EventLoops loops;
  private final HttpServer server;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  RunningRegistry(Path folder, RepositoryLimits limits) throws IOException {
    this.store = ImageStore.open(folder);
    this.repositories = store.repositories(limits, () -> Set.copyOf(inUse));
    Gatekeeper password =
        (head, access) ->
            head.header("Authorization").filter(TOKEN::equals).isPresent()
                ? Optional.empty()
                : Optional.of(
                    Answer.text(401, "invalid credentials")
                        .with("WWW-Authenticate", "Basic realm=\"Restricted\""));
    this.loops = EventLoops.start(1, "test");
    this.server =
        HttpServer.start(
            HttpServerConfig.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
            loops,
            Routes.builder(RegistryErrors.gatekeeper(password))
                .route(Methods.ANY, "/v2/*", Access.PASSWORD, new RegistryApi(repositories))
                .build(),
            RegistryErrors.errorMapper(ErrorMapper.PLAIN),
            RequestObserver.NONE);
  }

  URI url(String path) {
    return URI.create("http://127.0.0.1:" + server.port()).resolve(path);
  }

  int port() {
    return server.port();
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(url(path)).header("Authorization", TOKEN);
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  HttpResponse<byte[]> download(String path) throws Exception {
    return client.send(request(path).build(), BodyHandlers.ofByteArray());
  }

  HttpResponse<String> get(String path) throws Exception {
    return send(request(path));
  }

  HttpResponse<String> head(String path) throws Exception {
    return send(request(path).method("HEAD", BodyPublishers.noBody()));
  }

  HttpResponse<String> delete(String path) throws Exception {
    return send(request(path).DELETE());
  }

  HttpResponse<String> post(String path, byte[] body) throws Exception {
    return send(
        request(path)
            .header("Content-Type", "application/octet-stream")
            .POST(BodyPublishers.ofByteArray(body)));
  }

  HttpResponse<String> patch(String path, String range, byte[] body) throws Exception {
    return send(
        request(path)
            .header("Content-Type", "application/octet-stream")
            .header("Content-Range", range)
            .method("PATCH", BodyPublishers.ofByteArray(body)));
  }

  /** Chunked, without a length. */
  HttpResponse<String> stream(String method, String path, byte[] body) throws Exception {
    BodyPublisher unknownLength = BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(body));
    return send(request(path).method(method, unknownLength));
  }

  HttpResponse<String> put(String path, byte[] body) throws Exception {
    return send(request(path).PUT(BodyPublishers.ofByteArray(body)));
  }

  HttpResponse<String> putManifest(String path, String type, String manifest) throws Exception {
    return send(request(path).header("Content-Type", type).PUT(BodyPublishers.ofString(manifest)));
  }

  /** Pushes a blob in one request. */
  String blob(String name, byte[] content) throws Exception {
    String digest = digest(content);
    post("/v2/" + name + "/blobs/uploads/?digest=" + digest, content);
    return digest;
  }

  /** Where a new upload is. */
  String upload(String name) throws Exception {
    return location(post("/v2/" + name + "/blobs/uploads/", new byte[0]));
  }

  static String location(HttpResponse<?> answer) {
    return answer.headers().firstValue("Location").orElseThrow();
  }

  static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  static String digest(byte[] content) {
    try {
      return "sha256:"
          + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  static String digest(String content) {
    return digest(content.getBytes(UTF_8));
  }

  static String descriptor(String type, String digest, long size) {
    return "{\"mediaType\":\"" + type + "\",\"digest\":\"" + digest + "\",\"size\":" + size + "}";
  }

  /** A manifest of one layer whose parts have been pushed. */
  String manifest(String name, String mark) throws Exception {
    byte[] config = ("{\"mark\":\"" + mark + "\"}").getBytes(UTF_8);
    byte[] layer = ("layer " + mark).getBytes(UTF_8);
    return "{\"schemaVersion\":2,\"mediaType\":\""
        + MANIFEST
        + "\",\"config\":"
        + descriptor("application/vnd.oci.image.config.v1+json", blob(name, config), config.length)
        + ",\"layers\":["
        + descriptor("application/vnd.oci.image.layer.v1.tar", blob(name, layer), layer.length)
        + "]}";
  }

  @Override
  public void close() {
    client.close();
    server.close();
    loops.close();
  }
}
