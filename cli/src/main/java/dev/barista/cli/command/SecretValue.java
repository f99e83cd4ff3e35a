package dev.barista.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.barista.cli.CliException;
import dev.barista.cli.Terminal;
import dev.barista.cli.options.Option;
import dev.barista.cli.options.OptionSet;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;

/**
 * The value of a secret: an option, a file or standard input. As with faas-cli, blanks and line
 * ends around it are dropped unless {@code --trim=false}.
 */
final class SecretValue {

  /** Fits into a body of the REST API, in base64 too. */
  private static final int MAX_BYTES = 512 << 10;

  private final Option.Text literal;
  private final Option.Text file;
  private final Option.Flag trim;

  SecretValue(OptionSet options) {
    this.literal =
        options.text(
            "VALUE",
            "Seen by others in the list of processes; better --from-file or standard input.",
            "--from-literal");
    this.file = options.text("FILE", "Take the value from it.", "--from-file");
    this.trim =
        options.flagUnlessFalse(
            "Drop blanks and line ends around the value; --trim=false keeps them.", "--trim");
  }

  /**
   * The fields of the request: {@code value} for a text, {@code rawValue} for other bytes.
   *
   * @throws CliException when there is none, or two
   */
  Map<String, Object> members(Terminal terminal) throws IOException {
    byte[] bytes = given(terminal);
    byte[] kept = trim.on() ? trimmed(bytes) : bytes;
    if (kept.length == 0) {
      throw CliException.usage("the secret is empty");
    }
    try {
      return Map.of("value", UTF_8.newDecoder().decode(ByteBuffer.wrap(kept)).toString());
    } catch (CharacterCodingException _) {
      return Map.of("rawValue", Base64.getEncoder().encodeToString(kept));
    }
  }

  private byte[] given(Terminal terminal) throws IOException {
    if (literal.given() && file.given()) {
      throw CliException.usage("--from-literal and --from-file exclude each other");
    }
    if (literal.given()) {
      return literal.value().orElseThrow().getBytes(UTF_8);
    }
    if (file.given()) {
      Path path = terminal.folder().resolve(file.value().orElseThrow());
      try (InputStream in = Files.newInputStream(path)) {
        return bounded(in);
      } catch (NoSuchFileException _) {
        throw CliException.failed("--from-file: there is no file " + terminal.shown(path));
      }
    }
    terminal.err().println("Reading the value from standard input; Ctrl-D ends it.");
    return bounded(terminal.in());
  }

  private static byte[] bounded(InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      throw CliException.failed("the secret is longer than 512 KiB");
    }
    return bytes;
  }

  private static byte[] trimmed(byte[] bytes) {
    int begin = 0;
    int end = bytes.length;
    while (begin < end && isBlank(bytes[begin])) {
      begin++;
    }
    while (end > begin && isBlank(bytes[end - 1])) {
      end--;
    }
    return Arrays.copyOfRange(bytes, begin, end);
  }

  /** Space, tab and the line ends of ASCII. */
  private static boolean isBlank(byte octet) {
    return octet == ' ' || (octet >= '\t' && octet <= '\r');
  }
}
