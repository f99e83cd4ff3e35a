package dev.barista.image;

import static java.util.Collections.unmodifiableMap;
import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An image that this host can run: its files stand unpacked in {@code rootFolder}, read-only for
 * everybody, readable by every user of the host. The folder stays until {@link ImageStore#collect}
 * is called without its digest.
 *
 * @param reference name in normal form
 * @param digest of the manifest, {@code sha256:HEX}
 * @param rootFolder what a sandbox mounts at {@code /home/app}; also the working folder. Hard links
 *     to shared files: never write here
 * @param environment from the image ({@code fprocess}, {@code mode}, {@code exec_timeout} …); the
 *     deployment's wins
 * @param labels from the image
 * @param runtime command that the image's files are for ({@code python3}, {@code java}); empty when
 *     it needs none in particular
 * @param abi what its dependencies were installed for ({@code cpython-311}); empty when they fit
 *     every version
 * @param listensOnSocket whether its server listens on the Unix-domain socket of {@code
 *     BARISTA_SOCKET}
 */
public record HostImage(
    ImageReference reference,
    String digest,
    Path rootFolder,
    Map<String, String> environment,
    Map<String, String> labels,
    Optional<String> runtime,
    Optional<String> abi,
    boolean listensOnSocket) {

  public HostImage {
    requireNonNull(reference, "reference");
    requireNonNull(digest, "digest");
    requireNonNull(rootFolder, "rootFolder");
    environment = unmodifiableMap(new TreeMap<>(environment));
    labels = unmodifiableMap(new TreeMap<>(labels));
    requireNonNull(runtime, "runtime");
    requireNonNull(abi, "abi");
  }
}
