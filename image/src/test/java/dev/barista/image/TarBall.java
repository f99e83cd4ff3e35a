package dev.barista.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Writes any tar, also what no tar program would. */
final class TarBall {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8");

  TarBall() {
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
  }

  TarBall file(String name, String content) {
    return file(name, content, entry -> {});
  }

  TarBall file(String name, String content, Consumer<TarArchiveEntry> change) {
    byte[] data = content.getBytes(UTF_8);
    var entry = new TarArchiveEntry(name, TarConstants.LF_NORMAL, /* preserveAbsolutePath= */ true);
    entry.setSize(data.length);
    change.accept(entry);
    return put(entry, data);
  }

  TarBall folder(String name) {
    return put(new TarArchiveEntry(name + '/', /* preserveAbsolutePath= */ true), new byte[0]);
  }

  TarBall symbolicLink(String name, String to) {
    return link(TarConstants.LF_SYMLINK, name, to);
  }

  TarBall hardLink(String name, String to) {
    return link(TarConstants.LF_LINK, name, to);
  }

  TarBall special(byte type, String name) {
    return put(new TarArchiveEntry(name, type), new byte[0]);
  }

  private TarBall link(byte type, String name, String to) {
    var entry = new TarArchiveEntry(name, type, /* preserveAbsolutePath= */ true);
    entry.setLinkName(to);
    return put(entry, new byte[0]);
  }

  private TarBall put(TarArchiveEntry entry, byte[] data) {
    try {
      tar.putArchiveEntry(entry);
      tar.write(data);
      tar.closeArchiveEntry();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  byte[] plain() {
    try {
      tar.close();
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] packed(byte[] plain) {
    var packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      gzip.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }
}
