package dev.barista.cgroup;

import java.io.IOException;

/** The kernel refused to make or bound a group. */
public final class CgroupException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  CgroupException(String message, IOException cause) {
    super(message + ": " + cause.getMessage(), cause);
  }
}
