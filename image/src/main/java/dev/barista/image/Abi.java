package dev.barista.image;

/** Names of interpreter ABIs, as {@code cpython-311}. */
final class Abi {

  private static final String CPYTHON = "cpython-";

  private Abi() {}

  /** For people: {@code Python 3.11}. */
  static String describe(String abi) {
    return abi.startsWith(CPYTHON) ? "Python " + dotted(abi) : abi;
  }

  /** Command that names just this version: {@code python3.11}. */
  static String commandOf(String abi) {
    return abi.startsWith(CPYTHON) ? "python" + dotted(abi) : abi;
  }

  private static String dotted(String abi) {
    String digits = abi.substring(CPYTHON.length());
    return digits.length() < 2 ? digits : digits.charAt(0) + "." + digits.substring(1);
  }
}
