package dev.barista.server.serve;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import dev.barista.cli.http.HttpClient;
import dev.barista.cli.push.HttpTransport;
import dev.barista.image.DockerLogins;
import dev.barista.image.HostImage;
import dev.barista.image.ImagePuller;
import dev.barista.image.ImageReference;
import dev.barista.image.ImageStore;
import dev.barista.image.Interpreter;
import dev.barista.image.RegistryException;
import dev.barista.image.RemoteRegistry;
import dev.barista.image.Repositories;
import dev.barista.provider.process.Images;
import dev.barista.server.config.ServeConfig;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Images of this host's store, and of other registries where that is allowed: a host image is a
 * program that runs here, so who gives it has to be named. What the store has is never asked for
 * again; a name of this gateway's own registry means the store. Thread-safe; a pull blocks.
 */
final class PulledImages implements Images {

  private static final System.Logger LOG = System.getLogger(PulledImages.class.getName());
  private static final String DOCKER_HUB = "docker.io";

  private final Images local;
  private final ImageStore store;
  private final ImagePuller puller;
  private final AllowedRegistries allowed;
  private final DockerLogins logins;
  private final Predicate<String> ownName;

  // Mutable state
  private volatile @Nullable Repositories room;

  /**
   * @param local of the store alone
   * @param ownName whether a registry's name is this gateway's
   */
  PulledImages(
      Images local, ImageStore store, ServeConfig.Images config, Predicate<String> ownName) {
    this.local = local;
    this.store = store;
    this.puller =
        new ImagePuller(
            store,
            config.maxBlobBytes(),
            config.maxBytes(),
            config.pullTimeout(),
            this::requireRoom);
    this.allowed = new AllowedRegistries(config.registries());
    this.logins = new DockerLogins(config.registryLogins());
    this.ownName = ownName;
  }

  /** Lets it ask other machines: not before the platform serves, whose start must not wait. */
  void open(Repositories repositories) {
    room = repositories;
  }

  @Override
  public HostImage resolve(String given) {
    String reference = withoutOwnName(given);
    if (room != null && isMissing(reference)) {
      pull(ImageReference.parse(reference));
    }
    return local.resolve(reference);
  }

  @Override
  public Interpreter interpreter(HostImage image, String command, Predicate<Interpreter> usable) {
    return local.interpreter(image, command, usable);
  }

  private String withoutOwnName(String given) {
    ImageReference reference = ImageReference.parse(given);
    return reference.registry().filter(ownName).isPresent()
        ? reference.withoutRegistry().toString()
        : given;
  }

  private boolean isMissing(String reference) {
    try {
      return !store.has(reference);
    } catch (IOException e) {
      return false; // told by who reads it
    }
  }

  private void requireRoom(long bytes) throws IOException {
    Repositories repositories = room;
    if (repositories != null) {
      repositories.requireRoom(bytes);
    }
  }

  private void pull(ImageReference reference) {
    String name = reference.registry().orElse(DOCKER_HUB);
    Optional<URI> address = allowed.find(name);
    if (address.isEmpty()) {
      if (reference.registry().isPresent()) {
        throw new FaasException(
            ErrorCode.IMAGE_INVALID,
            "image",
            "image "
                + reference
                + " isn't in this host's store, and programs of the registry "
                + name
                + " may not run here: push it to this gateway with 'barista push', or start the"
                + " gateway with --allow-registry "
                + name,
            "--allow-registry",
            null);
      }
      return; // the store's own sentence tells what to do
    }
    String path = reference.path();
    boolean official = reference.registry().isEmpty() && path.indexOf('/') < 0;
    try {
      LOG.log(System.Logger.Level.INFO, "pulling image " + reference + " from " + name);
      puller.pull(
          reference,
          official ? "library/" + path : path,
          RemoteRegistry.foreign(
              address.get(),
              logins.find(name),
              new HttpTransport(new HttpClient(/* verifyTls= */ true, allowed)::send)));
    } catch (RegistryException e) {
      throw new FaasException(ErrorCode.IMAGE_INVALID, "image", e.getMessage(), null, e);
    } catch (IOException e) {
      throw new FaasException(
          ErrorCode.IMAGE_INVALID,
          "image",
          "image " + reference + " can't be pulled from " + name + ": " + e.getMessage(),
          "--allow-registry",
          e);
    }
  }
}
