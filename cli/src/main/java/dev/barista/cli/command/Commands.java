package dev.barista.cli.command;

import dev.barista.cli.Terminal;
import dev.barista.cli.Verb;
import dev.barista.cli.Verb.Group;
import dev.barista.cli.options.OptionSet;
import java.util.List;

/** The table of client verbs. */
public final class Commands {

  private Commands() {}

  /** In the order of the help. */
  public static List<Verb> all() {
    return List.of(
        verb(Group.WRITE, "new", "Create a function from a template"),
        verb(Group.WRITE, "template", "Show and fetch templates"),
        verb(Group.WRITE, "build", "Build functions to images"),
        verb(Group.WRITE, "push", "Push images to a registry"),
        verb(Group.WRITE, "publish", "Build functions and push their images"),
        verb(Group.WRITE, "deploy", "Deploy or update functions"),
        verb(Group.WRITE, "up", "Build and deploy functions"),
        verb(Group.WRITE, "remove", "Remove functions", "rm", "delete"),
        verb(Group.WRITE, "generate", "Write functions as Kubernetes objects"),
        verb(Group.USE, "list", "List functions", "ls"),
        verb(Group.USE, "describe", "Show a function and its replicas"),
        verb(Group.USE, "invoke", "Call a function"),
        verb(Group.USE, "logs", "Show what a function wrote"),
        verb(Group.USE, "ready", "Wait until a function or the gateway is ready"),
        verb(Group.USE, "scale", "Set the replicas of a function")
            .with(verb(Group.USE, "scale idle", "Show which functions would go to zero"))
            .with(verb(Group.USE, "scale record", "Write a function's load as a trace")),
        verb(Group.USE, "why", "Tell why a function has as many replicas as it has"),
        verb(Group.USE, "alerts", "Show the alerts by which functions are scaled"),
        verb(Group.USE, "secret", "Keep secrets for functions")
            .with(verb(Group.USE, "secret create", "Create a secret"))
            .with(verb(Group.USE, "secret list", "List secrets", "ls"))
            .with(verb(Group.USE, "secret update", "Change a secret"))
            .with(verb(Group.USE, "secret remove", "Remove a secret", "rm", "delete")),
        verb(Group.PLATFORM, "login", "Keep the login of a gateway"),
        verb(Group.PLATFORM, "logout", "Forget the login of a gateway"),
        verb(Group.PLATFORM, "version", "Show the versions"),
        verb(Group.PLATFORM, "completion", "Write the completion script of a shell"),
        new Verb(
            "warm-up",
            List.of(),
            Group.INTERNAL,
            "Train the caches",
            WarmUpCommand::run,
            _ -> OptionSet.NONE));
  }

  private static Verb verb(Group group, String name, String summary, String... aliases) {
    return new Verb(
        name,
        List.of(aliases),
        group,
        summary,
        (terminal, arguments) -> command(name, terminal).run(arguments),
        terminal -> command(name, terminal).options);
  }

  /** A switch rather than a lambda for each verb: those are linked at each start. */
  private static ClientCommand command(String name, Terminal terminal) {
    return switch (name) {
      case "new" -> new NewCommand(terminal);
      case "template" -> new TemplateCommand(terminal);
      case "build" -> new BuildCommand(terminal);
      case "push" -> new PushCommand(terminal);
      case "publish" -> new PublishCommand(terminal);
      case "deploy" -> new DeployCommand(terminal);
      case "up" -> new UpCommand(terminal);
      case "remove" -> new RemoveCommand(terminal);
      case "generate" -> new GenerateCommand(terminal);
      case "list" -> new ListCommand(terminal);
      case "describe" -> new DescribeCommand(terminal);
      case "invoke" -> new InvokeCommand(terminal);
      case "logs" -> new LogsCommand(terminal);
      case "ready" -> new ReadyCommand(terminal);
      case "scale" -> new ScaleCommand(terminal);
      case "scale idle" -> new ScaleIdleCommand(terminal);
      case "scale record" -> new ScaleRecordCommand(terminal);
      case "why" -> new WhyCommand(terminal);
      case "alerts" -> new AlertsCommand(terminal);
      case "secret" -> new SecretCommand(terminal);
      case "secret create" -> SecretSetCommand.create(terminal);
      case "secret list" -> new SecretListCommand(terminal);
      case "secret update" -> SecretSetCommand.update(terminal);
      case "secret remove" -> new SecretRemoveCommand(terminal);
      case "login" -> new LoginCommand(terminal);
      case "logout" -> new LogoutCommand(terminal);
      case "version" -> new VersionCommand(terminal);
      case "completion" -> new CompletionCommand(terminal);
      default -> throw new IllegalArgumentException("no verb " + name);
    };
  }
}
