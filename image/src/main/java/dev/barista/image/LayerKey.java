package dev.barista.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Map;
import java.util.NavigableMap;

/** Digest over everything that a layer is made from. Lengths go in, so no two inputs read alike. */
final class LayerKey {

  /** Rises when the making of layers changes. */
  private static final String FORMAT = "2";

  private static final int BLOCK = 64 * 1024;

  private final MessageDigest digest = Sha256.start();

  LayerKey(String kind) {
    add(FORMAT).add(kind);
  }

  LayerKey add(String text) {
    return add(text.getBytes(UTF_8));
  }

  LayerKey add(Map<String, String> sorted) {
    sorted.forEach((key, value) -> add(key).add(value));
    return this;
  }

  LayerKey addFiles(NavigableMap<String, LayerEntry> entries) throws IOException {
    for (Map.Entry<String, LayerEntry> entry : entries.entrySet()) {
      add(entry.getKey());
      switch (entry.getValue()) {
        case LayerEntry.InMemory(TemplateFile file) ->
            add(file.executable() ? "x" : "-").add(file.content());
        case LayerEntry.OnDisk file -> add(file.executable() ? "x" : "-").addContent(file);
        case LayerEntry.Link(String to) -> add("l").add(to);
      }
    }
    return this;
  }

  /** Piece by piece: a model that comes with a handler is larger than a command's memory. */
  private void addContent(LayerEntry.OnDisk file) throws IOException {
    addLength(file.size());
    byte[] block = new byte[BLOCK];
    try (InputStream in = file.open()) {
      for (int n = in.read(block); n >= 0; n = in.read(block)) {
        digest.update(block, 0, n);
      }
    }
  }

  String finish() {
    return Sha256.finish(digest);
  }

  private LayerKey add(byte[] bytes) {
    addLength(bytes.length);
    digest.update(bytes);
    return this;
  }

  private void addLength(long length) {
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(length).flip());
  }
}
