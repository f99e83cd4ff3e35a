package dev.barista.cli.push;

import dev.barista.image.ImagePusher;
import dev.barista.image.ImageReference;
import dev.barista.image.ImageStore;
import dev.barista.image.PushedImage;
import java.io.IOException;
import java.io.PrintStream;

/** Pushes images one after the other, their layers several at once, and tells how it goes. */
public final class Pusher {

  private final ImagePusher pusher;
  private final PrintStream out;

  /**
   * @param parallel layers sent at once
   * @param quiet whether only results are told
   */
  public Pusher(ImageStore store, int parallel, boolean quiet, PrintStream out) {
    this.pusher =
        new ImagePusher(store, parallel, new TransferLines(quiet ? _ -> {} : out::println));
    this.out = out;
  }

  public PushedImage push(ImageReference image, Destination to) throws IOException {
    out.println("Pushing: " + image + " to " + to.shown() + ".");
    PushedImage pushed = pusher.push(image, to.repository(), to.registry());
    out.println("Pushed: " + image + ", " + told(pushed) + ". " + pushed.digest());
    return pushed;
  }

  private static String told(PushedImage pushed) {
    if (pushed.sentBlobs() == 0) {
      return "nothing was missing there";
    }
    return pushed.sentBlobs()
        + " of "
        + pushed.blobs()
        + " blobs, "
        + TransferLines.size(pushed.sentBytes());
  }
}
