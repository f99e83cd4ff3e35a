package dev.barista.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.util.Map;
import java.util.NavigableMap;

/** Digest over everything that a layer is made from. Lengths go in, so no two inputs read alike. */
final class LayerKey {

  /** Rises when the making of layers changes. */
  private static final String FORMAT = "1";

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
        case LayerEntry.OnDisk file ->
            add(file.executable() ? "x" : "-").add(Files.readAllBytes(file.source()));
        case LayerEntry.Link(String to) -> add("l").add(to);
      }
    }
    return this;
  }

  String finish() {
    return Sha256.finish(digest);
  }

  private LayerKey add(byte[] bytes) {
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
    digest.update(bytes);
    return this;
  }
}
