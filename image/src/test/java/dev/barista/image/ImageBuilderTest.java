package dev.barista.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageBuilderTest {

  private static final String HELLO = "def handle(req):\n    return 'hello'\n";

  @TempDir Path folder;

  private Workshop workshop;

  @BeforeEach
  void open() throws IOException {
    Path wheels = wheels(Files.createDirectories(folder.resolve("wheels")));
    workshop =
        new Workshop(folder, Map.of("PIP_NO_INDEX", "1", "PIP_FIND_LINKS", wheels.toString()));
  }

  @Test
  void sameInput_givesTheSameDigestInAnotherStore() throws Exception {
    Tools.require("python3");
    var other = new Workshop(folder.resolve("other"));
    String first = workshop.build("python3", "hello", "handler.py", HELLO, "data", "x").digest();

    Path handler = other.handler("hello", "data", "x", "handler.py", HELLO);
    Files.setLastModifiedTime(handler.resolve("data"), FileTime.from(Instant.EPOCH));
    String second = other.build("python3", handler, "hello").digest();

    assertThat(second).isEqualTo(first);
  }

  @Test
  void changedHandler_makesOnlyItsLayerAnew() throws Exception {
    Tools.require("python3");
    BuiltImage first = workshop.build("python3", "hello", "handler.py", HELLO);
    BuiltImage again = workshop.build("python3", "hello", "handler.py", HELLO);
    BuiltImage changed = workshop.build("python3", "hello", "handler.py", HELLO + "# changed\n");

    assertThat(again.digest()).isEqualTo(first.digest());
    assertThat(again.reusedLayers()).isEqualTo(2);
    assertThat(changed.digest()).isNotEqualTo(first.digest());
    assertThat(changed.reusedLayers()).isEqualTo(1);
    assertThat(workshop.progress).contains("Template: unchanged", "Handler");
  }

  @Test
  void imageHasWhatTheFolderHas_butNoVersionControlOrCaches() throws Exception {
    Path root =
        built(
            "dockerfile",
            "kept.txt",
            "x",
            "sub/build/kept",
            "x",
            ".git/config",
            "x",
            "build/old",
            "x",
            "template/other",
            "x",
            "sub/__pycache__/m.pyc",
            "x",
            "Dockerfile",
            "FROM scratch\n");

    assertThat(LayerFolder.entries(root).keySet()).containsExactly("kept.txt", "sub/build/kept");
  }

  @Test
  void linkInTheHandlerFolder_isItsFile_andOneOutOfItIsRefused() throws Exception {
    Path handler = workshop.handler("linked", "real.txt", "content");
    Files.createSymbolicLink(handler.resolve("link.txt"), Path.of("real.txt"));
    workshop.build("dockerfile", handler, "linked");
    assertThat(workshop.store.resolve("linked").rootFolder().resolve("link.txt"))
        .hasContent("content");

    Files.createSymbolicLink(handler.resolve("out"), Path.of("/etc/passwd"));

    assertThatThrownBy(() -> workshop.build("dockerfile", handler, "linked"))
        .isInstanceOf(FaasException.class)
        .hasMessage("out is a link out of the function's folder: copy the file in");
  }

  @Test
  void missingHandlerFolder_isTold() {
    assertThatThrownBy(() -> workshop.build("dockerfile", folder.resolve("none"), "x"))
        .isInstanceOfSatisfying(
            FaasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST))
        .hasMessage("handler: no folder at " + folder.resolve("none"));
  }

  @Test
  void dockerfile_givesItsEnvironment_andTheRestIsToldInOneSentence() throws Exception {
    workshop.build(
        "dockerfile",
        "up",
        "Dockerfile",
        """
        FROM alpine:3.20 AS builder
        ENV fprocess="wrong"
        RUN apk add --no-cache figlet
        FROM alpine:3.20
        ENV fprocess="tr a-z A-Z" \\
            exec_timeout=5s
        ENV old style value
        RUN apk add --no-cache curl
        RUN adduser app
        CMD ["fwatchdog"]
        """,
        "data",
        "x");

    HostImage image = workshop.store.resolve("up");
    assertThat(image.environment())
        .containsEntry("fprocess", "tr a-z A-Z")
        .containsEntry("exec_timeout", "5s")
        .containsEntry("old", "style value")
        .containsEntry("mode", "classic");
    assertThat(image.listensOnSocket()).isFalse();
    assertThat(workshop.progress)
        .contains(
            "Dockerfile: \"RUN apk add --no-cache curl\" and 1 more needs a container engine and"
                + " isn't carried out: the function runs fprocess with the host's programs and this"
                + " folder's files");
  }

  @Test
  void fprocessOfTheStackFile_wins() throws Exception {
    var request =
        new BuildRequest(
            ImageReference.parse("fn"),
            new Templates(folder).find("dockerfile"),
            workshop.handler("fn", "Dockerfile", "FROM x\nENV fprocess=cat\n"),
            Optional.of("sha512sum"),
            List.of(),
            Map.of(),
            List.of());

    workshop.build(request);

    assertThat(workshop.store.resolve("fn").environment()).containsEntry("fprocess", "sha512sum");
  }

  @Test
  void copies_comeBesideTheHandler() throws Exception {
    Path common = workshop.handler("common", "models/m.json", "{}");
    var request =
        new BuildRequest(
            ImageReference.parse("fn"),
            new Templates(folder).find("dockerfile"),
            workshop.handler("fn", "own", "x"),
            Optional.empty(),
            List.of(),
            Map.of(),
            List.of(common));

    workshop.build(request);

    assertThat(workshop.store.resolve("fn").rootFolder().resolve("common/models/m.json"))
        .hasContent("{}");
  }

  /** Java would read another name than the handler's program asks for. */
  @Test
  void nameThatIsNotUtf8_isRefused() throws Exception {
    Path handler = workshop.handler("fn", "own", "x");
    var shell = new ProcessBuilder("sh", "-c", "touch \"$(printf 'bin\\377')\"");
    assertThat(shell.directory(handler.toFile()).start().waitFor()).isZero();

    assertThatThrownBy(() -> workshop.build("dockerfile", handler, "fn"))
        .isInstanceOf(FaasException.class)
        .hasMessage("bin\ufffd has a name that isn't UTF-8: rename it");
  }

  @Test
  void unknownBuildOption_isRefused() {
    assertThatThrownBy(
            () ->
                workshop.build(
                    new BuildRequest(
                        ImageReference.parse("fn"),
                        new Templates(folder).find("dockerfile"),
                        workshop.handler("fn", "own", "x"),
                        Optional.empty(),
                        List.of("dev"),
                        Map.of(),
                        List.of())))
        .isInstanceOf(FaasException.class)
        .hasMessageStartingWith("build_options: \"dev\"");
  }

  @Test
  void packages_haveALayerOfTheirOwn_reusedWhileRequirementsAreTheSame() throws Exception {
    Tools.require("python3");
    NavigableMap<String, String> handler = new TreeMap<>();
    handler.put("handler.py", "import tiny\ndef handle(req):\n    return tiny.WORD\n");
    handler.put("requirements.txt", "tiny==1.0\n");
    BuiltImage first = buildWithPackages(handler);
    handler.put("handler.py", handler.get("handler.py") + "\n# changed\n");

    BuiltImage changed = buildWithPackages(handler);

    assertThat(changed.reusedLayers()).isEqualTo(2);
    assertThat(changed.digest()).isNotEqualTo(first.digest());
    assertThat(workshop.progress).contains("Packages: unchanged");
    HostImage image = workshop.store.resolve("packaged");
    assertThat(image.abi()).hasValueSatisfying(abi -> assertThat(abi).startsWith("cpython-3"));
    assertThat(image.rootFolder().resolve("python/tiny.py")).hasContent("WORD = 'from a package'");
    try (var function = workshop.start("packaged", Map.of())) {
      assertThat(function.post("").text()).isEqualTo("from a package\n");
    }
  }

  @Test
  void templateOfAnotherMaker_findsItsPackages() throws Exception {
    Tools.require("python3");
    workshop.handler(
        "template/theirs",
        "template.yml",
        "language: theirs\nfprocess: python3 index.py\n",
        "requirements.txt",
        "tiny==1.0\n",
        "index.py",
        "import tiny\nfrom function import handler\nprint(tiny.WORD)\n");
    workshop.build("theirs", "theirs", "handler.py", HELLO, "__init__.py", "");

    HostImage image = workshop.store.resolve("theirs");
    var builder = new ProcessBuilder("python3", "index.py").directory(image.rootFolder().toFile());
    builder.environment().putAll(image.environment());
    Process process = builder.start();

    assertThat(new String(process.getInputStream().readAllBytes(), UTF_8))
        .isEqualTo("from a package\n");
    assertThat(process.waitFor()).isZero();
  }

  @Test
  void testsOfAHandler_failTheBuild_runOnce_andCanBeLeftOut() throws Exception {
    Tools.require("python3");
    Path handler =
        workshop.handler(
            "tested",
            "handler.py",
            "import tiny\ndef handle(req):\n    return tiny.WORD\n",
            "requirements.txt",
            "tiny==1.0\n",
            "handler_test.py",
            """
            import unittest
            from .handler import handle
            class Words(unittest.TestCase):
                def test_it(self):
                    self.assertEqual(handle(''), 'another')
            """);

    assertThatThrownBy(() -> workshop.build("python3-http", handler, "tested"))
        .isInstanceOf(FaasException.class)
        .hasMessageStartingWith("the handler's tests failed with exit status 1");
    assertThat(workshop.progress).anyMatch(line -> line.contains("'from a package' != 'another'"));

    workshop.build(
        Workshop.withArgument("python3-http", handler, "tested", "TEST_ENABLED", "false"));
    assertThat(workshop.progress).doesNotContain("Tests");
    var command =
        Workshop.withArgument(
            "python3-http", handler, "tested", "TEST_COMMAND", "test -f handler.py");
    workshop.build(command);
    workshop.build(command);
    assertThat(workshop.progress).contains("Tests: unchanged");
  }

  @Test
  void packageThatCantBeHad_failsTheBuildWithPipsReason() throws Exception {
    Tools.require("python3");
    NavigableMap<String, String> handler = new TreeMap<>();
    handler.put("handler.py", HELLO);
    handler.put("requirements.txt", "no-such-package-at-all==9\n");

    assertThatThrownBy(() -> buildWithPackages(handler))
        .isInstanceOf(FaasException.class)
        .hasMessageStartingWith("pip could not install requirements.txt: ERROR: ")
        .hasMessageContaining("no-such-package-at-all==9");
    assertThat(folder.resolve("data/images/tmp")).isEmptyDirectory();
    assertThat(folder.resolve("data/images/work")).isEmptyDirectory();
  }

  /** A package from an index is code of a stranger that runs while it is installed. */
  @Test
  void hostilePackage_findsNothingOfThePlatform() throws Exception {
    Tools.require("python3");
    Tools.require("bwrap");
    workshop.build("python3", "neighbour", "handler.py", HELLO, "key.txt", "secret of a neighbour");
    workshop.store.resolve("neighbour");
    Path password = workshop.data.resolve("password");
    Files.writeString(password, "secret of the platform");
    Path evil = Files.createDirectories(folder.resolve("wheels/evil"));
    Files.writeString(
        evil.resolve("pyproject.toml"),
        "[build-system]\nrequires = []\nbuild-backend = 'evil'\nbackend-path = ['.']\n");
    Files.writeString(
        evil.resolve("evil.py"),
        """
        import glob, os
        found = []
        for pattern in ('%s/**', '/root/*', '/home/*/*', '/run/*', '/etc/shadow', '/proc/1/environ'):
            for name in glob.glob(pattern, recursive=True):
                try:
                    if os.path.isfile(name):
                        text = open(name, errors='replace').read(100)
                        if 'secret' in text or '%s' not in name:
                            found.append(name + '=' + text)
                except OSError:
                    pass
        found += [name for name in os.environ if 'BARISTA' in name or 'JAVA' in name]
        if os.getuid() == 0: found.append('root')
        raise SystemExit('FOUND ' + '|'.join(found) + ' END')
        """
            .formatted(workshop.data, workshop.data));
    Path handler =
        workshop.handler(
            "victim", "handler.py", HELLO, "requirements.txt", "evil @ " + evil.toUri() + "\n");

    assertThatThrownBy(() -> workshop.build("python3", handler, "victim"))
        .isInstanceOf(FaasException.class);

    assertThat(workshop.progress).anyMatch(line -> line.contains("FOUND  END"));
  }

  private BuiltImage buildWithPackages(Map<String, String> files) throws IOException {
    for (Map.Entry<String, String> file : files.entrySet()) {
      workshop.handler("packaged", file.getKey(), file.getValue());
    }
    return workshop.build("python3", workshop.project.resolve("packaged"), "packaged");
  }

  /** A folder with one package, so that nothing is fetched from a network. */
  private static Path wheels(Path folder) throws IOException {
    NavigableMap<String, LayerEntry> wheel = new TreeMap<>();
    wheel.put("tiny.py", text("WORD = 'from a package'"));
    wheel.put(
        "tiny-1.0.dist-info/METADATA", text("Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n"));
    wheel.put(
        "tiny-1.0.dist-info/WHEEL",
        text("Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n"));
    wheel.put("tiny-1.0.dist-info/RECORD", text("tiny.py,,\n"));
    JarFiles.write(folder.resolve("tiny-1.0-py3-none-any.whl"), wheel);
    return folder;
  }

  private Path built(String template, String... files) throws IOException {
    workshop.build(template, "fn", files);
    return workshop.store.resolve("fn").rootFolder();
  }

  private static LayerEntry text(String text) {
    return new LayerEntry.InMemory(new TemplateFile(text.getBytes(UTF_8), /* executable= */ false));
  }
}
