package dev.barista.server.config;

import dev.barista.cli.options.OptionSet;
import java.util.List;
import java.util.Map;

/** What {@code barista serve --help} prints. */
public final class ServeHelp {

  private static final int OPTION_WIDTH = 36;

  private ServeHelp() {}

  /** Ends in a newline. */
  public static String text() {
    StringBuilder text =
        new StringBuilder("Usage: barista serve [OPTIONS]\nStarts the platform on this machine.\n");
    for (Map.Entry<String, List<Setting<?>>> group : ServeSettings.GROUPS.entrySet()) {
      text.append('\n').append(group.getKey()).append(":\n");
      group.getValue().forEach(setting -> append(text, setting));
    }
    return text.append(
            """

            Every option is also an environment variable, BARISTA_READ_TIMEOUT for --read-timeout,
            and a key of the configuration file: read-timeout = 30s. An option wins over a variable,
            a variable over the file. OpenFaaS's variables of the same meaning count too.
            """)
        .toString();
  }

  /** The same for the completion of shells; it isn't parsed with. */
  public static OptionSet options() {
    OptionSet options = new OptionSet("serve", "", /* mostWords= */ 0);
    for (List<Setting<?>> group : ServeSettings.GROUPS.values()) {
      for (Setting<?> setting : group) {
        if (setting.isSwitch()) {
          options.flag(setting.help(), setting.option());
        } else if (setting.placeholder().contains("|")) {
          List<String> words = List.of(setting.placeholder().split("\\|"));
          options.choice(words, setting.help(), setting.option());
        } else {
          options.text(setting.placeholder(), setting.help(), setting.option());
        }
      }
    }
    return options;
  }

  private static void append(StringBuilder text, Setting<?> setting) {
    String option =
        setting.isSwitch() ? setting.option() : setting.option() + " " + setting.placeholder();
    String standard =
        setting.isSwitch() || setting.defaultText().isEmpty()
            ? ""
            : " [" + setting.defaultText() + "]";
    text.append("  ")
        .append(option)
        .append(" ".repeat(Math.max(1, OPTION_WIDTH - option.length())))
        .append(setting.help())
        .append(standard)
        .append('\n');
  }
}
