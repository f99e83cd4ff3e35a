package dev.barista.image;

/** Labels in an image's configuration by which the platform knows what it may do with it. */
public final class ImageLabels {

  /** {@code host}: files only, run by an interpreter of the host. */
  public static final String KIND = "dev.barista.kind";

  /** Command that runs the files: {@code python3}, {@code java}. */
  public static final String RUNTIME = "dev.barista.runtime";

  /** Interpreter ABI that installed dependencies are bound to: {@code cpython-311}. */
  public static final String ABI = "dev.barista.abi";

  /** {@code true}: the server listens on the socket of {@code BARISTA_SOCKET}. */
  public static final String SOCKET = "dev.barista.socket";

  /** Template it was built from. */
  public static final String TEMPLATE = "dev.barista.template";

  private ImageLabels() {}
}
