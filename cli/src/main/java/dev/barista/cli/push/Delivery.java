package dev.barista.cli.push;

import dev.barista.cli.CliException;
import dev.barista.cli.Terminal;
import dev.barista.cli.gateway.Gateway;
import dev.barista.cli.http.HttpAnswer;
import dev.barista.cli.stack.StackFunction;
import dev.barista.image.ImageReference;
import dev.barista.image.ImageStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Brings images of this machine's store to a gateway that has another, before functions are
 * deployed from them. A gateway without a registry is OpenFaaS's: on this machine it has its images
 * from elsewhere, and on another one the user is told.
 */
public final class Delivery {

  private final Gateway gateway;
  private final Terminal terminal;
  private final Path dataFolder;

  public Delivery(Gateway gateway, Terminal terminal, Path dataFolder) {
    this.gateway = gateway;
    this.terminal = terminal;
    this.dataFolder = dataFolder;
  }

  /**
   * Whether the gateway takes images; asked before a build, rather than found out after it.
   *
   * @throws CliException when it doesn't, and is on another machine; when it refuses the login
   */
  public boolean possible() throws IOException {
    try (HttpAnswer answer = gateway.system("GET", "/v2/")) {
      if (answer.status() == 200) {
        return true;
      }
      if (answer.status() == 401) {
        throw gateway.refusal(answer, answer.text());
      }
      if (gateway.url().loopback()) {
        return false;
      }
      throw CliException.failed(
          "The gateway at "
              + gateway.url()
              + " has no image registry (it answered "
              + answer.status()
              + " at /v2/), so it can't be given images built here. Build with --skip-deploy, push"
              + " the image to a registry that it pulls from, and use barista deploy.");
    }
  }

  /** The images of these functions that are in the store of this machine. */
  public Set<ImageReference> images(List<StackFunction> functions) throws IOException {
    Set<ImageReference> here = new LinkedHashSet<>();
    if (!Files.isDirectory(dataFolder.resolve("images"))) {
      return here;
    }
    ImageStore store = ImageStore.open(dataFolder);
    for (StackFunction function : functions) {
      ImageReference image = ImageReference.parse(function.image());
      if (store.holds(image)) {
        here.add(image);
      }
    }
    return here;
  }

  /** Pushes what the gateway doesn't have of them. */
  public void bring(Set<ImageReference> images, int parallel, boolean quiet) throws IOException {
    Pusher pusher = new Pusher(ImageStore.open(dataFolder), parallel, quiet, terminal.out());
    for (ImageReference image : images) {
      pusher.push(
          image,
          Destination.forDeployment(image, gateway, gateway.client(), terminal.environment()));
    }
    terminal.out().println();
  }
}
