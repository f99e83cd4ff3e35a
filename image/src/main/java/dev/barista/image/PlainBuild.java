package dev.barista.image;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** A program that needs nothing installed or compiled: the files as they are. */
final class PlainBuild implements RuntimeBuild {

  private final BuildFiles files;

  PlainBuild(BuildFiles files) {
    this.files = files;
  }

  @Override
  public List<Part> parts() throws IOException {
    NavigableMap<String, LayerEntry> all = new TreeMap<>(files.template());
    all.putAll(files.handler());
    return List.of(new Part("Files", new LayerKey("plain").addFiles(all).finish(), () -> all));
  }

  @Override
  public Map<String, String> environment() {
    return Map.of();
  }

  @Override
  public Map<String, String> labels() {
    return Map.of();
  }
}
