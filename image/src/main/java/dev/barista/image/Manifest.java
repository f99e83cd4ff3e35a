package dev.barista.image;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** OCI image manifest: its configuration and its layers, the lowest first. */
record Manifest(Descriptor config, List<Descriptor> layers) {

  Manifest {
    requireNonNull(config, "config");
    layers = List.copyOf(layers);
  }
}
