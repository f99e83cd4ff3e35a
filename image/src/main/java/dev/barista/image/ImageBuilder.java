package dev.barista.image;

import dev.barista.api.FaasException;
import java.io.IOException;

/**
 * Builds host images from a template and a handler folder, without a container engine. The
 * template, the dependencies and the handler are separate layers; what has not changed is not made
 * again, and the same input gives the same digest. Dependencies are installed by the language's own
 * tool, in a sandbox where the host has bubblewrap. Safe for several threads; a build blocks. What
 * a build may take of the host is closed with this.
 */
public final class ImageBuilder implements AutoCloseable {

  private final ImageStore store;
  private final InterpreterResolver interpreters;
  private final BuildSandbox sandbox;
  private final BuildGroups groups;

  /**
   * @param groups closed with this
   */
  public ImageBuilder(ImageStore store, InterpreterResolver interpreters, BuildGroups groups) {
    this.store = store;
    this.interpreters = interpreters;
    this.groups = groups;
    this.sandbox = new BuildSandbox(store.folder());
  }

  /**
   * Builds, stores and names the image.
   *
   * @param listener hears the steps and the tools' output
   * @throws FaasException with a sentence for the user: no such folder, an impossible file in it, a
   *     missing tool, a failed or endless installation
   */
  public BuiltImage build(BuildRequest request, BuildListener listener) throws IOException {
    return run(request, listener, /* reuse= */ true);
  }

  /** {@link #build} that makes every layer again, such as for newer versions of dependencies. */
  public BuiltImage rebuild(BuildRequest request, BuildListener listener) throws IOException {
    return run(request, listener, /* reuse= */ false);
  }

  private BuiltImage run(BuildRequest request, BuildListener listener, boolean reuse)
      throws IOException {
    groups.open();
    try (var build = new Build(store, interpreters, sandbox, groups, request, listener)) {
      return build.run(reuse);
    }
  }

  @Override
  public void close() {
    groups.close();
  }
}
