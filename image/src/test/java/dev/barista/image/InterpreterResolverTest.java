package dev.barista.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barista.api.FaasException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InterpreterResolverTest {

  @TempDir Path folder;

  @Test
  void shim_isAskedOnceForTheRealProgram() throws Exception {
    Path real = fakePython("versions/3.11/bin/python3.11", "3.11.9", "cpython-311");
    Path shim =
        script(
            "bin/python3",
            "echo asked >> " + folder.resolve("asked") + "\nexec " + real + " \"$@\"");

    Interpreter first = resolver().resolve("python3");
    Interpreter second = resolver().resolve("python3");

    assertThat(first.executable()).isEqualTo(real).isNotEqualTo(shim);
    assertThat(first.version()).isEqualTo("3.11.9");
    assertThat(first.abi()).contains("cpython-311");
    assertThat(first.folders()).containsExactly(folder.resolve("versions/3.11"));
    assertThat(second).isEqualTo(first);
    assertThat(folder.resolve("asked")).hasContent("asked");
  }

  @Test
  void changedProgram_isAskedAgain() throws Exception {
    fakePython("bin/python3", "3.11.9", "cpython-311");
    resolver().resolve("python3");
    fakePython("bin/python3", "3.13.10", "cpython-313");

    assertThat(resolver().resolve("python3").abi()).contains("cpython-313");
  }

  @Test
  void pythonTwo_isNoPython() throws Exception {
    fakePython("bin/python", "2.7.18", "cpython-27");
    fakePython("bin/python3", "3.12.1", "cpython-312");

    assertThat(resolver().resolve("python").version()).isEqualTo("3.12.1");
  }

  @Test
  void candidateThatCallerCantUse_isPassedOver() throws Exception {
    fakePython("bin/python3", "3.12.1", "cpython-312");
    fakePython("other/python3", "3.11.9", "cpython-311");

    Interpreter found =
        resolver("bin", "other")
            .resolve("python3", i -> i.abi().equals(Optional.of("cpython-311")));

    assertThat(found.version()).isEqualTo("3.11.9");
  }

  @Test
  void imageWithPackages_getsTheInterpreterTheyWereInstalledFor() throws Exception {
    fakePython("bin/python3", "3.12.1", "cpython-312");
    fakePython("other/python3.9", "3.9.5", "cpython-39");

    Interpreter found = resolver("bin", "other").resolve(image("cpython-39"), "python3", i -> true);

    assertThat(found.version()).isEqualTo("3.9.5");
  }

  @Test
  void imageWithPackagesForAnAbsentVersion_isRefusedByName() throws Exception {
    fakePython("bin/python3", "3.12.1", "cpython-312");

    assertThatThrownBy(() -> resolver().resolve(image("cpython-33"), "python3", i -> true))
        .isInstanceOf(FaasException.class)
        .hasMessage(
            "image hello:latest has dependencies installed for Python 3.3 and this host runs Python"
                + " 3.12: build it again with 'barista build', or install Python 3.3");
  }

  @Test
  void imageWithoutPackages_getsAnyVersion() throws Exception {
    fakePython("bin/python3", "3.12.1", "cpython-312");
    HostImage image =
        new HostImage(
            ImageReference.parse("hello"),
            "sha256:0",
            folder,
            Map.of(),
            Map.of(),
            Optional.of("python3"),
            Optional.empty(),
            true);

    assertThat(resolver().resolve(image, "python3", i -> true).version()).isEqualTo("3.12.1");
  }

  @Test
  void missingProgram_isTold() {
    assertThatThrownBy(() -> resolver().resolve("no-such-program"))
        .isInstanceOf(FaasException.class)
        .hasMessage(
            "no-such-program isn't installed on this host: install the program that has it");
  }

  @Test
  void folder_isNoProgram() {
    assertThatThrownBy(() -> resolver().resolve(folder.toString()))
        .isInstanceOf(FaasException.class)
        .hasMessage(folder + " is no program of this host (expected: a file that may be executed)");
  }

  /** Sentences go to logs and terminals. */
  @Test
  void lineBreak_isNotRepeated() {
    assertThatThrownBy(() -> resolver().resolve("cat\n\u001b[31mx"))
        .hasMessageStartingWith("cat??[31mx isn't installed on this host");
  }

  @Test
  void programThatOthersCantRead_isToldSo() throws Exception {
    fakePython("bin/mine", "", "");

    assertThatThrownBy(() -> resolver().resolve("mine", i -> false))
        .hasMessageStartingWith("mine at " + folder.resolve("bin/mine"))
        .hasMessageContaining("can't be used by functions");
  }

  @Test
  void utility_isFoundThroughLinks() throws Exception {
    Path real = script("real/tool-1.0", "exit 0");
    Files.createDirectories(folder.resolve("bin"));
    Files.createSymbolicLink(folder.resolve("bin/tool"), real);

    Interpreter tool = resolver().resolve("tool");

    assertThat(tool.executable()).isEqualTo(real);
    assertThat(tool.folders()).containsExactly(folder.resolve("real"));
    assertThat(tool.abi()).isEmpty();
  }

  @Test
  void java_isTheOneThatRunsThis() {
    Interpreter java = resolver().resolve("java");

    assertThat(java.executable()).startsWith(Path.of(System.getProperty("java.home")));
    assertThat(java.abi()).contains("jdk-" + Runtime.version().feature());
  }

  @Test
  void readableByOthers_asksForEveryFolderOnTheWay() throws Exception {
    Path real = fakePython("open/bin/python3", "3.12.1", "cpython-312");
    for (Path at = real.getParent(); at != null && at.startsWith(folder); at = at.getParent()) {
      Files.setPosixFilePermissions(at, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    Interpreter python = resolver("open/bin").resolve("python3");
    assertThat(InterpreterResolver.isReadableByOthers(python)).isTrue();

    Files.setPosixFilePermissions(
        folder.resolve("open"), PosixFilePermissions.fromString("rwx------"));

    assertThat(InterpreterResolver.isReadableByOthers(python)).isFalse();
  }

  private InterpreterResolver resolver(String... folders) {
    StringBuilder path = new StringBuilder();
    for (String name : folders.length == 0 ? new String[] {"bin"} : folders) {
      path.append(folder.resolve(name)).append(':');
    }
    return new InterpreterResolver(folder.resolve("data"), Map.of("PATH", path.toString()));
  }

  private HostImage image(String abi) {
    return new HostImage(
        ImageReference.parse("hello"),
        "sha256:0",
        folder,
        Map.of(),
        Map.of(),
        Optional.of("python3"),
        Optional.of(abi),
        true);
  }

  /** Answers the question as Python would. */
  private Path fakePython(String name, String version, String abi) throws IOException {
    Path file = folder.resolve(name);
    String prefix = file.resolve("../..").normalize().toString();
    return script(
        name,
        String.join(
            "\n",
            "echo " + file,
            "echo " + version,
            "echo " + abi,
            "echo " + prefix,
            "echo " + prefix + "/bin"));
  }

  private Path script(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, ("#!/bin/sh\n" + text + "\n").getBytes(UTF_8));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    return file;
  }
}
