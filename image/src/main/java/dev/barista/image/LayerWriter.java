package dev.barista.image;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Writes a layer as a compressed tar that depends on nothing but its content: sorted, owned by
 * root, of one fixed time, with normal modes.
 */
final class LayerWriter {

  private static final int FILE_MODE = 0644;
  private static final int PROGRAM_MODE = 0755;
  private static final int BUFFER = 64 * 1024;

  private final BlobStore blobs;
  private final Path temporary;

  LayerWriter(BlobStore blobs, Path temporary) {
    this.blobs = blobs;
    this.temporary = temporary;
  }

  /**
   * Stores the entries, whose paths are below the working folder of the image.
   *
   * @return the layer, marked as reused when the store had it
   */
  Layer write(NavigableMap<String, LayerEntry> entries) throws IOException {
    Path file = Files.createTempFile(temporary, "layer", null);
    try {
      var plainDigest = Sha256.start();
      var packedDigest = Sha256.start();
      try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        OutputStream packed =
            new DigestOutputStream(
                new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER), packedDigest);
        try (var tar =
            new TarArchiveOutputStream(
                new DigestOutputStream(new GZIPOutputStream(packed, BUFFER), plainDigest),
                "UTF-8")) {
          tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
          tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
          tar.setAddPaxHeadersForNonAsciiNames(true);
          writeAll(entries, tar);
        }
      }
      sync(file);
      return keep(file, Sha256.finish(packedDigest), Sha256.finish(plainDigest));
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private Layer keep(Path file, String digest, String diffId) throws IOException {
    var blob = new Descriptor(OciJson.LAYER_GZIP, digest, Files.size(file));
    boolean reused = blobs.has(blob);
    blobs.adopt(file, digest);
    return new Layer(blob, diffId, reused);
  }

  private static void sync(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  private static void writeAll(NavigableMap<String, LayerEntry> entries, TarArchiveOutputStream tar)
      throws IOException {
    for (String folder : folders(entries)) {
      TarArchiveEntry entry = new TarArchiveEntry(folder + '/');
      put(tar, entry, PROGRAM_MODE, 0);
      tar.closeArchiveEntry();
    }
    for (var entry : entries.entrySet()) {
      write(LayerUnpacker.PREFIX + '/' + entry.getKey(), entry.getValue(), tar);
    }
  }

  private static NavigableSet<String> folders(NavigableMap<String, LayerEntry> entries) {
    NavigableSet<String> folders = new TreeSet<>();
    folders.add("home");
    folders.add(LayerUnpacker.PREFIX);
    for (String path : entries.keySet()) {
      for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
        folders.add(LayerUnpacker.PREFIX + '/' + path.substring(0, slash));
      }
    }
    return folders;
  }

  private static void write(String name, LayerEntry content, TarArchiveOutputStream tar)
      throws IOException {
    switch (content) {
      case LayerEntry.InMemory(TemplateFile file) -> {
        int mode = file.executable() ? PROGRAM_MODE : FILE_MODE;
        put(tar, new TarArchiveEntry(name), mode, file.size());
        tar.write(file.content());
      }
      case LayerEntry.OnDisk file -> {
        int mode = file.executable() ? PROGRAM_MODE : FILE_MODE;
        put(tar, new TarArchiveEntry(name), mode, file.size());
        try (InputStream in = file.open()) {
          in.transferTo(tar);
        }
      }
      case LayerEntry.Link(String to) -> {
        var link = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
        link.setLinkName(to);
        put(tar, link, 0777, 0);
      }
    }
    tar.closeArchiveEntry();
  }

  private static void put(TarArchiveOutputStream tar, TarArchiveEntry entry, int mode, long size)
      throws IOException {
    entry.setMode(mode);
    entry.setSize(size);
    entry.setModTime(0L);
    entry.setIds(0, 0);
    entry.setNames("", "");
    tar.putArchiveEntry(entry);
  }
}
