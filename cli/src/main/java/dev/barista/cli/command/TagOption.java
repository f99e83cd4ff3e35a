package dev.barista.cli.command;

import dev.barista.cli.Terminal;
import dev.barista.cli.build.ImageTags;
import dev.barista.cli.options.Option;
import dev.barista.cli.options.OptionSet;
import dev.barista.cli.stack.StackFunction;

/** {@code --tag}: the same for build, push and deploy, so that they mean the same image. */
final class TagOption {

  private final Option.Choice tag;

  TagOption(OptionSet options) {
    this.tag =
        options.choice(
            ImageTags.schemes(),
            "Add the commit, branch, git describe or the handler's digest to the tag.",
            "--tag");
  }

  StackFunction apply(StackFunction function, Terminal terminal) {
    return new ImageTags(tag.value(), terminal.environment()).apply(function);
  }
}
