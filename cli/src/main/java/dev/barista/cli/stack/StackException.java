package dev.barista.cli.stack;

import java.util.List;

/** A stack file that can't be used; the message has one line for each fault, with file and line. */
public final class StackException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  StackException(String fault) {
    super(fault);
  }

  StackException(List<String> faults) {
    super(String.join("\n", faults));
  }
}
