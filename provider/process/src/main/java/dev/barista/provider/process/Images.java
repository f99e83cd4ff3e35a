package dev.barista.provider.process;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import dev.barista.image.HostImage;
import dev.barista.image.ImageStore;
import dev.barista.image.Interpreter;
import dev.barista.image.InterpreterResolver;
import java.io.IOException;
import java.util.function.Predicate;

/** Where functions' files and the programs that run them come from. Blocks on the disk. */
public interface Images {

  /**
   * The image by that name, unpacked.
   *
   * @throws FaasException {@code BAD_REQUEST}, {@code IMAGE_INVALID} with a sentence for the user
   */
  HostImage resolve(String reference);

  /**
   * The host's program for a command of that image.
   *
   * @throws FaasException {@code IMAGE_INVALID} with a sentence saying what to install
   */
  Interpreter interpreter(HostImage image, String command, Predicate<Interpreter> usable);

  /** Of this host's store. */
  static Images of(ImageStore store, InterpreterResolver interpreters) {
    return new Images() {
      @Override
      public HostImage resolve(String reference) {
        try {
          return store.resolve(reference);
        } catch (IOException e) {
          throw new FaasException(
              ErrorCode.IMAGE_INVALID,
              "provider",
              "image " + reference + " can't be read from this host's store",
              null,
              e);
        }
      }

      @Override
      public Interpreter interpreter(
          HostImage image, String command, Predicate<Interpreter> usable) {
        return interpreters.resolve(image, command, usable);
      }
    };
  }
}
