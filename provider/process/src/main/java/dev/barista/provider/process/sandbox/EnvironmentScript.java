package dev.barista.provider.process.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.barista.api.FaasException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A replica's environment as a file of shell assignments.
 *
 * <p>A file, and read by the last shell before the program, for two reasons. The programs before it
 * (the shell that joins the cgroup, bubblewrap, setpriv) still have the platform's rights: with a
 * function's {@code LD_PRELOAD} in their environment its code would run with them. And arguments
 * are shown to every user of the host, files are not.
 *
 * <p>A shell drops variables whose names it could not assign ({@code a.b}, {@code UID}); those are
 * given to {@code env} as arguments, before the program.
 */
public final class EnvironmentScript {

  /** Longest single string that execve takes (MAX_ARG_STRLEN), less the final NUL. */
  private static final int LONGEST_ENTRY_BYTES = 128 * 1024 - 1;

  /** execve takes a quarter of the stack's limit, usually 2 MiB, for arguments and environment. */
  private static final int LONGEST_TOTAL_BYTES = 1024 * 1024;

  private static final Pattern SHELL_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  /** Some shell refuses to assign these, or to take any text for them. */
  private static final Set<String> SHELLS_OWN =
      Set.of("UID", "EUID", "PPID", "SHELLOPTS", "BASHOPTS", "BASH_VERSINFO", "OPTIND", "LINENO");

  private static final Pattern NAME = Pattern.compile("[-._A-Za-z][-._A-Za-z0-9]*");

  private EnvironmentScript() {}

  /**
   * @throws FaasException {@code BAD_REQUEST} for a name or value that no process can have, and for
   *     more than a process can have
   */
  public static void requireValid(Map<String, String> environment) {
    long total = 0;
    for (Map.Entry<String, String> entry : environment.entrySet()) {
      String name = entry.getKey();
      if (!NAME.matcher(name).matches()) {
        throw FaasException.badField(
            "envVars", name, "names of letters, digits, '_', '-', '.', no digit first");
      }
      if (entry.getValue().indexOf('\0') >= 0) {
        throw FaasException.badField("envVars." + name, entry.getValue(), "a value without NUL");
      }
      int bytes = name.length() + 1 + entry.getValue().getBytes(UTF_8).length;
      if (bytes > LONGEST_ENTRY_BYTES) {
        throw FaasException.badField(
            "envVars." + name,
            bytes + " bytes",
            "at most "
                + LONGEST_ENTRY_BYTES
                + " bytes with its name, since the system starts no process with more");
      }
      total += bytes + 1;
    }
    if (total > LONGEST_TOTAL_BYTES) {
      throw FaasException.badField(
          "envVars", total + " bytes", "at most " + LONGEST_TOTAL_BYTES + " bytes together");
    }
  }

  /** Lines for a POSIX shell. */
  static String script(Map<String, String> environment) {
    StringBuilder script = new StringBuilder();
    environment.forEach(
        (name, value) -> {
          if (isAssignable(name)) {
            script
                .append("export ")
                .append(name)
                .append('=')
                .append(ShellQuotes.quoted(value))
                .append('\n');
          }
        });
    return script.toString();
  }

  /** {@code env} with the rest, or nothing. */
  static List<String> prefix(Map<String, String> environment) {
    List<String> odd =
        environment.entrySet().stream()
            .filter(entry -> !isAssignable(entry.getKey()))
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .toList();
    return odd.isEmpty()
        ? List.of()
        : Stream.concat(Stream.of("/usr/bin/env"), odd.stream()).toList();
  }

  private static boolean isAssignable(String name) {
    return SHELL_NAME.matcher(name).matches() && !SHELLS_OWN.contains(name);
  }
}
