package dev.barista.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barista.api.FaasException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the C# template asks of {@code dotnet}, by a stand-in for it: the SDK is in few package
 * archives. Whether the real one takes it is not shown here.
 */
class CsharpTemplateTest {

  @TempDir private Path folder;

  @Test
  void projectIsPublished_forTheVersionOfTheHost() throws Exception {
    Workshop workshop = workshop("echo 9.0.101");

    workshop.build(
        "csharp", "fn", "FunctionHandler.cs", "class FunctionHandler {}", "data.txt", "a file");

    assertThat(workshop.progress)
        .contains(
            "  publish main.csproj -c Release",
            "  main: <TargetFramework>net9.0</TargetFramework>",
            "  function/Function.csproj: <TargetFramework>net9.0</TargetFramework>");
    HostImage image = workshop.store.resolve("fn");
    assertThat(image.rootFolder().resolve("main.dll")).exists();
    assertThat(image.rootFolder().resolve("function/data.txt")).hasContent("a file");
    assertThat(image.environment()).containsEntry("fprocess", "dotnet main.dll");
  }

  @Test
  void handlersOwnProject_takesThePlaceOfTheSkeletons() throws Exception {
    Workshop workshop = workshop("echo 8.0.404");

    workshop.build(
        "csharp",
        "fn",
        "FunctionHandler.cs",
        "class FunctionHandler {}",
        "Mine.csproj",
        "<TargetFramework>netstandard2.0</TargetFramework>\n");

    assertThat(workshop.progress)
        .contains("  function/Mine.csproj: <TargetFramework>netstandard2.0</TargetFramework>")
        .noneMatch(line -> line.contains("function/Function.csproj"));
  }

  @Test
  void runtimeWithoutTheSdk_isToldWithWhatToInstall() {
    assertThatThrownBy(
            () ->
                workshop("echo 'No .NET SDKs were found.' >&2; exit 145")
                    .build("csharp", "fn", "FunctionHandler.cs", "class FunctionHandler {}"))
        .isInstanceOf(FaasException.class)
        .hasMessageContaining("dotnet isn't installed on this host: install the .NET SDK");
  }

  /**
   * @param version what it does for {@code --version}
   */
  private Workshop workshop(String version) throws Exception {
    Path tools = Files.createDirectories(folder.resolve("tools"));
    Path dotnet = tools.resolve("dotnet");
    Files.writeString(
        dotnet,
        """
        #!/bin/sh
        if [ "$1" = --version ]; then %s; exit; fi
        echo "$1 $2 $3 $4"
        sed -n 's/ *\\(<TargetFramework>.*\\)/main: \\1/p' main.csproj
        for project in function/*.csproj; do
          sed -n "s|.*\\(<TargetFramework>.*\\)|$project: \\1|p" "$project"
        done
        touch "$6/main.dll"
        """
            .formatted(version));
    Files.setPosixFilePermissions(dotnet, PosixFilePermissions.fromString("rwxr-xr-x"));
    return new Workshop(folder, Map.of("PATH", tools + ":" + System.getenv("PATH")));
  }
}
