package dev.barista.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What PHP's, Ruby's, Rust's and Go's handlers name in their own files is installed by the
 * language's own tool, and a changed handler asks for nothing again.
 */
class PackagesTest {

  @TempDir private Path folder;

  private Workshop workshop;
  private FakePackages packages;

  @BeforeEach
  void open() throws IOException {
    workshop = new Workshop(folder);
    packages = new FakePackages();
  }

  @AfterEach
  void close() {
    packages.close();
  }

  @Test
  void composerJson() throws Exception {
    Tools.require("composer");
    byte[] archive =
        new TarBall()
            .file("tiny/src/Tiny.php", "<?php namespace Demo; class Tiny { const WORD = 'php'; }")
            .plain();
    packages.with("/tiny.tar", archive);
    packages.with(
        "/packages.json",
        """
        {"packages": {"demo/tiny": {"1.0.0": {"name": "demo/tiny", "version": "1.0.0",
          "dist": {"type": "tar", "url": "%s/tiny.tar"},
          "autoload": {"psr-4": {"Demo\\\\": "src/"}}}}}}
        """
            .formatted(packages.url()));
    String composer =
        """
        {"repositories": [{"type": "composer", "url": "%s"}, {"packagist.org": false}],
         "config": {"secure-http": false}, "require": {"demo/tiny": "1.0.0"}}
        """
            .formatted(packages.url());
    String handler =
        "<?php namespace App; class Handler { function handle($d) { return \\Demo\\Tiny::WORD . $d;"
            + " }}";
    workshop.build("php", "fn", "src/Handler.php", handler, "composer.json", composer);

    BuiltImage changed = changed("php", "src/Handler.php", handler.replace("$d;", "'!' . $d;"));

    assertThat(workshop.progress).contains("Packages: unchanged");
    assertThat(changed.reusedLayers()).isEqualTo(1);
    assertThat(workshop.call("fn", "hi")).isEqualTo(new Workshop.Ended(0, "php!hi"));
  }

  @Test
  void gemfile() throws Exception {
    Tools.require("bundle");
    byte[] gem = gem();
    packages.with("/gems/tiny-1.0.0.gem", gem);
    String info = "---\n1.0.0 |checksum:" + hash("SHA-256", gem) + "\n";
    packages.with("/info/tiny", info);
    packages.with(
        "/versions",
        "created_at: 2026-01-01T00:00:00Z\n---\ntiny 1.0.0 "
            + hash("MD5", info.getBytes(UTF_8))
            + "\n");
    String gemfile = "source '" + packages.url() + "'\ngem 'tiny'\n";
    String handler = "require 'tiny'\nclass Handler\n  def run(req)\n    TINY + req\n  end\nend\n";
    workshop.build("ruby", "fn", "handler.rb", handler, "Gemfile", gemfile);

    BuiltImage changed = changed("ruby", "handler.rb", handler.replace("TINY +", "TINY + '!' +"));

    assertThat(workshop.progress).contains("Packages: unchanged");
    assertThat(changed.reusedLayers()).isEqualTo(1);
    try (var function = workshop.start("fn", Map.of())) {
      assertThat(function.post("hi").text()).isEqualTo("ruby!hi");
    }
  }

  /** There is no {@code Cargo.lock} of the user's: the one of the first build holds. */
  @Test
  void cargoToml() throws Exception {
    Tools.require("cargo");
    byte[] crate =
        TarBall.packed(
            new TarBall()
                .file("tiny-1.0.0/Cargo.toml", "[package]\nname = \"tiny\"\nversion = \"1.0.0\"\n")
                .file("tiny-1.0.0/src/lib.rs", "pub const WORD: &str = \"rust\";\n")
                .plain());
    packages.with("/tiny.crate", crate);
    packages.with("/config.json", "{\"dl\": \"" + packages.url() + "/{crate}.crate\"}");
    packages.with(
        "/ti/ny/tiny",
        """
        {"name":"tiny","vers":"1.0.0","deps":[],"cksum":"%s","features":{},"yanked":false}
        """
            .formatted(hash("SHA-256", crate)));
    String manifest =
        """
        [package]
        name = "handler"
        version = "0.1.0"
        edition = "2021"
        [dependencies]
        tiny = { version = "1", registry-index = "sparse+%s/" }
        """
            .formatted(packages.url());
    String handler =
        "pub fn handle(b: Vec<u8>) -> Result<Vec<u8>, String> {\n"
            + "  Ok([tiny::WORD.as_bytes(), &b].concat()) }\n";
    workshop.build("rust", "fn", "src/lib.rs", handler, "Cargo.toml", manifest);

    changed("rust", "src/lib.rs", handler.replace(", &b", ", b\"!\", &b"));

    try (var function = workshop.start("fn", Map.of())) {
      assertThat(function.post("hi").text()).isEqualTo("rust!hi");
    }
  }

  @Test
  void goMod() throws Exception {
    Tools.require("go");
    packages.with("/example.com/tiny/@v/v1.0.0.info", "{\"Version\": \"v1.0.0\"}");
    packages.with("/example.com/tiny/@v/v1.0.0.mod", "module example.com/tiny\n\ngo 1.21\n");
    packages.with("/example.com/tiny/@v/v1.0.0.zip", goZip());
    workshop = new Workshop(folder, Map.of("GOPROXY", packages.url(), "GOSUMDB", "off"));
    String handler =
        "package function\nimport \"example.com/tiny\"\n"
            + "func Handle(req []byte) string { return tiny.Word + string(req) }\n";
    Path at =
        workshop.handler(
            "fn",
            "handler.go",
            handler,
            "go.mod",
            "module mine\n\ngo 1.21\n\nrequire example.com/tiny v1.0.0\n");
    workshop.build(Workshop.withArgument("go", at, "fn", "GOFLAGS", "-mod=mod"));
    int asked = packages.requests.get();
    assertThat(asked).isPositive();

    workshop.handler("fn", "handler.go", handler.replace("Word +", "Word + \"!\" +"));
    workshop.build(Workshop.withArgument("go", at, "fn", "GOFLAGS", "-mod=mod"));

    assertThat(packages.requests.get()).isEqualTo(asked);
    assertThat(workshop.call("fn", "hi")).isEqualTo(new Workshop.Ended(0, "go!hi\n"));
  }

  /** Builds the function with one other file, and makes sure that nothing is asked for. */
  private BuiltImage changed(String template, String path, String content) throws IOException {
    int asked = packages.requests.get();
    assertThat(asked).isPositive();
    BuiltImage changed = workshop.build(template, "fn", path, content);
    assertThat(packages.requests.get()).as("packages asked for").isEqualTo(asked);
    return changed;
  }

  private byte[] gem() throws Exception {
    Path source = Files.createDirectories(folder.resolve("gem/lib"));
    Files.writeString(source.resolve("tiny.rb"), "TINY = 'ruby'\n");
    Path at = folder.resolve("gem");
    Files.writeString(
        at.resolve("tiny.gemspec"),
        "Gem::Specification.new do |s|\n  s.name = 'tiny'\n  s.version = '1.0.0'\n"
            + "  s.summary = 's'\n  s.authors = ['a']\n  s.files = ['lib/tiny.rb']\nend\n");
    Process build =
        new ProcessBuilder("gem", "build", "-q", "tiny.gemspec")
            .directory(at.toFile())
            .redirectErrorStream(true)
            .redirectOutput(at.resolve("log").toFile())
            .start();
    assertThat(build.waitFor()).as(Files.readString(at.resolve("log"))).isZero();
    return Files.readAllBytes(at.resolve("tiny-1.0.0.gem"));
  }

  private static byte[] goZip() throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, String> file :
          Map.of(
                  "go.mod", "module example.com/tiny\n\ngo 1.21\n",
                  "tiny.go", "package tiny\nconst Word = \"go\"\n")
              .entrySet()) {
        zip.putNextEntry(new ZipEntry("example.com/tiny@v1.0.0/" + file.getKey()));
        zip.write(file.getValue().getBytes(UTF_8));
        zip.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  private static String hash(String algorithm, byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
  }
}
