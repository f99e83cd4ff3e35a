package dev.barista.image;

/** Judges where a symbolic link leads without following it. */
final class SafeLinks {

  private SafeLinks() {}

  /**
   * Whether a link stays inside its root whatever other such links stand there. It may climb only
   * at its beginning and at most to the root: {@code ../lib/x} at depth 1 is fine, {@code a/../x}
   * isn't, since {@code a} may be a link to the root itself.
   *
   * @param depth of the link's folder below the root, whose folders are real
   */
  static boolean staysInside(int depth, String to) {
    if (to.isEmpty() || to.startsWith("/") || to.indexOf('\0') >= 0) {
      return false;
    }
    int climbed = 0;
    boolean descending = false;
    for (String part : to.split("/")) {
      if (part.isEmpty() || part.equals(".")) {
        continue;
      }
      if (!part.equals("..")) {
        descending = true;
      } else if (descending || ++climbed > depth) {
        return false;
      }
    }
    return true;
  }
}
