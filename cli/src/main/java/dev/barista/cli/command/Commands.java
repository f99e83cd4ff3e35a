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
            "new", List.of(), Group.WRITE, "Create a function from a template", NewCommand::new),
        new Verb("build", List.of(), Group.WRITE, "Build functions to images", BuildCommand::new),
        new Verb(
            "deploy", List.of(), Group.WRITE, "Deploy or update functions", DeployCommand::new),
        new Verb("up", List.of(), Group.WRITE, "Build and deploy functions", UpCommand::new),
        new Verb(
            "remove", List.of("rm", "delete"), Group.WRITE, "Remove functions", RemoveCommand::new),
        new Verb("list", List.of("ls"), Group.USE, "List functions", ListCommand::new),
        new Verb(
            "describe",
            List.of(),
            Group.USE,
            "Show a function and its replicas",
            DescribeCommand::new),
        new Verb("invoke", List.of(), Group.USE, "Call a function", InvokeCommand::new),
        new Verb(
            "login", List.of(), Group.PLATFORM, "Keep the login of a gateway", LoginCommand::new),
        new Verb(
            "logout",
            List.of(),
            Group.PLATFORM,
            "Forget the login of a gateway",
            LogoutCommand::new),
        new Verb("version", List.of(), Group.PLATFORM, "Show the versions", VersionCommand::new));
  }
}
