package dev.barista.watchdog;

import java.util.List;

/** The environment has faults; the message names them all, one a line. */
final class ConfigException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ConfigException(String fault) {
    this(List.of(fault));
  }

  ConfigException(List<String> faults) {
    super(String.join("\n", faults));
  }
}
