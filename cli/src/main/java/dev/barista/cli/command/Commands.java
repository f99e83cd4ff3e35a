package dev.barista.cli.command;

import dev.barista.cli.Verb;
import dev.barista.cli.Verb.Group;
import java.util.List;

/** The table of client verbs. */
public final class Commands {

  private Commands() {}

  /** In the order of the help. */
  public static List<Verb> all() {
    return List.of(
        new Verb(
            "new",
            List.of(),
            Group.WRITE,
            "Create a function from a template",
            (terminal, arguments) -> new NewCommand(terminal).run(arguments)),
        new Verb(
            "build",
            List.of(),
            Group.WRITE,
            "Build functions to images",
            (terminal, arguments) -> new BuildCommand(terminal).run(arguments)),
        new Verb(
            "push",
            List.of(),
            Group.WRITE,
            "Push images to a registry",
            (terminal, arguments) -> new PushCommand(terminal).run(arguments)),
        new Verb(
            "publish",
            List.of(),
            Group.WRITE,
            "Build functions and push their images",
            (terminal, arguments) -> new PublishCommand(terminal).run(arguments)),
        new Verb(
            "deploy",
            List.of(),
            Group.WRITE,
            "Deploy or update functions",
            (terminal, arguments) -> new DeployCommand(terminal).run(arguments)),
        new Verb(
            "up",
            List.of(),
            Group.WRITE,
            "Build and deploy functions",
            (terminal, arguments) -> new UpCommand(terminal).run(arguments)),
        new Verb(
            "remove",
            List.of("rm", "delete"),
            Group.WRITE,
            "Remove functions",
            (terminal, arguments) -> new RemoveCommand(terminal).run(arguments)),
        new Verb(
            "list",
            List.of("ls"),
            Group.USE,
            "List functions",
            (terminal, arguments) -> new ListCommand(terminal).run(arguments)),
        new Verb(
            "describe",
            List.of(),
            Group.USE,
            "Show a function and its replicas",
            (terminal, arguments) -> new DescribeCommand(terminal).run(arguments)),
        new Verb(
            "invoke",
            List.of(),
            Group.USE,
            "Call a function",
            (terminal, arguments) -> new InvokeCommand(terminal).run(arguments)),
        new Verb(
            "login",
            List.of(),
            Group.PLATFORM,
            "Keep the login of a gateway",
            (terminal, arguments) -> new LoginCommand(terminal).run(arguments)),
        new Verb(
            "logout",
            List.of(),
            Group.PLATFORM,
            "Forget the login of a gateway",
            (terminal, arguments) -> new LogoutCommand(terminal).run(arguments)),
        new Verb(
            "version",
            List.of(),
            Group.PLATFORM,
            "Show the versions",
            (terminal, arguments) -> new VersionCommand(terminal).run(arguments)),
        new Verb("warm-up", List.of(), Group.INTERNAL, "Train the caches", WarmUpCommand::run));
  }
}
