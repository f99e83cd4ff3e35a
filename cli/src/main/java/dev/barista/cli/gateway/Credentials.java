package dev.barista.cli.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;

/** What goes into the Authorization header. Its text form never shows the secret. */
public sealed interface Credentials {

  String authorization();

  record Basic(String user, String password) implements Credentials {
    @Override
    public String authorization() {
      return "Basic " + token();
    }

    /** As the configuration file keeps it. */
    String token() {
      return Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
    }

    @Override
    public String toString() {
      return "Basic[" + user + "]";
    }
  }

  /** A token of whatever kind, sent as Bearer. */
  record Bearer(String token) implements Credentials {
    @Override
    public String authorization() {
      return "Bearer " + token;
    }

    @Override
    public String toString() {
      return "Bearer";
    }
  }
}
