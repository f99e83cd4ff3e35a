package dev.barista.cli.command;

import dev.barista.cli.CliException;
import dev.barista.cli.Terminal;
import dev.barista.cli.gateway.Gateway;
import dev.barista.cli.push.Destination;
import dev.barista.cli.push.Pusher;
import dev.barista.cli.stack.StackFunction;
import dev.barista.image.ImageReference;
import dev.barista.image.ImageStore;
import dev.barista.image.PushedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What {@code push} and {@code publish} share: images go where their names say. */
final class Pushes {

  /** Layers sent at once when nothing is said. */
  static final int PARALLEL = 3;

  private Pushes() {}

  static void push(
      List<StackFunction> functions,
      int parallel,
      boolean quiet,
      Gateway gateway,
      Terminal terminal,
      Path dataFolder,
      Report report)
      throws IOException {
    ImageStore store = ImageStore.open(dataFolder);
    Set<ImageReference> images = new LinkedHashSet<>();
    for (StackFunction function : functions) {
      ImageReference image = ImageReference.parse(function.image());
      if (store.holds(image)) {
        images.add(image);
      } else if (function.buildable()) {
        throw CliException.failed(
            "Image " + image + " isn't in the store of this machine: build it with barista build.");
      }
    }
    Pusher pusher = new Pusher(store, parallel, quiet, report.sentences(terminal));
    for (ImageReference image : images) {
      PushedImage pushed =
          pusher.push(
              image, Destination.named(image, gateway, gateway.client(), terminal.environment()));
      report.add(
          "image",
          image.toString(),
          "digest",
          pushed.digest(),
          "blobs",
          pushed.blobs(),
          "sentBlobs",
          pushed.sentBlobs(),
          "sentBytes",
          pushed.sentBytes());
    }
    if (images.isEmpty()) {
      throw CliException.failed("None of these images is in the store of this machine.");
    }
  }
}
