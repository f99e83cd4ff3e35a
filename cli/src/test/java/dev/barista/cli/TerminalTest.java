package dev.barista.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a verb sees as its environment. */
class TerminalTest {

  @Test
  void noHome_isTheFolderOfTheUsersEntry() {
    assertThat(Terminal.withHome(Map.of("PATH", "/bin"), "/home/me"))
        .isEqualTo(Map.of("PATH", "/bin", "HOME", "/home/me"));
    assertThat(Terminal.withHome(Map.of("HOME", ""), "/home/me")).containsEntry("HOME", "/home/me");
  }

  @Test
  void ownHome_isKept() {
    assertThat(Terminal.withHome(Map.of("HOME", "/else"), "/home/me"))
        .isEqualTo(Map.of("HOME", "/else"));
  }

  /** The JVM says "?" of a user that the system doesn't know. */
  @Test
  void userWithoutEntry_hasNoHome() {
    assertThat(Terminal.withHome(Map.of(), "?")).isEmpty();
  }
}
