package dev.barista.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Hostile layers, and what becomes of ordinary ones. */
class LayerUnpackerTest {

  private static final String APP = "home/app/";
  private static final UnpackLimits SMALL = new UnpackLimits(10_000, 20, 10, 1_000);

  @TempDir Path folder;

  static Stream<Arguments> hostileLayers() {
    return Stream.of(
        hostile("parent in a name", new TarBall().file(APP + "../../../outside", "x")),
        hostile("only a parent", new TarBall().file("..", "x")),
        hostile("absolute name", new TarBall().file("/home/app/outside", "x")),
        hostile("name elsewhere", new TarBall().file("etc/passwd", "x")),
        hostile("name beside the folder", new TarBall().file("home/application", "x")),
        hostile("the folder itself as a file", new TarBall().file("home/app", "x")),
        hostile("absolute link", new TarBall().symbolicLink(APP + "l", "/etc")),
        hostile("link out", new TarBall().symbolicLink(APP + "l", "../outside")),
        hostile("link out from below", new TarBall().symbolicLink(APP + "a/l", "../../outside")),
        hostile("climb behind a name", new TarBall().symbolicLink(APP + "l", "a/../../outside")),
        hostile(
            "climb through a link to the root",
            new TarBall().symbolicLink(APP + "dot", ".").symbolicLink(APP + "l", "dot/../outside")),
        hostile(
            "file through a link",
            new TarBall().symbolicLink(APP + "l", "d").folder(APP + "d").file(APP + "l/f", "x")),
        hostile(
            "folder through a link",
            new TarBall().symbolicLink(APP + "l", ".").folder(APP + "l/sub")),
        hostile("below a file", new TarBall().file(APP + "f", "x").file(APP + "f/g", "x")),
        hostile("a folder becomes a file", new TarBall().folder(APP + "d").file(APP + "d", "x")),
        hostile("hard link out", new TarBall().hardLink(APP + "h", "../../../../etc/passwd")),
        hostile("absolute hard link", new TarBall().hardLink(APP + "h", "/etc/passwd")),
        hostile("hard link elsewhere", new TarBall().hardLink(APP + "h", "etc/passwd")),
        hostile("hard link to nothing", new TarBall().hardLink(APP + "h", APP + "none")),
        hostile(
            "hard link through a link",
            new TarBall().symbolicLink(APP + "l", ".").hardLink(APP + "h", APP + "l/f")),
        hostile(
            "hard link to a link",
            new TarBall().symbolicLink(APP + "l", "x").hardLink(APP + "h", APP + "l")),
        hostile("character device", new TarBall().special(TarConstants.LF_CHR, APP + "dev")),
        hostile("block device", new TarBall().special(TarConstants.LF_BLK, APP + "dev")),
        hostile("pipe", new TarBall().special(TarConstants.LF_FIFO, APP + "pipe")),
        hostile("too many bytes", new TarBall().file(APP + "f", "x".repeat(10_001))),
        hostile("too much for its size", new TarBall().file(APP + "f", "x".repeat(5_000))),
        hostile("too many entries", many(21)),
        hostile("too many folders", new TarBall().file(APP + "d/".repeat(30) + "f", "x")),
        hostile("too deep to be deleted", new TarBall().file(APP + "d/".repeat(600) + "f", "x")),
        hostile("part longer than a file's name", new TarBall().file(APP + "é".repeat(128), "x")),
        hostile("endless name", new TarBall().file(APP + "n".repeat(5_000), "x")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("hostileLayers")
  void hostileLayer_isRefusedAndWritesNothingOutside(String what, byte[] layer) throws Exception {
    Path target = Files.createDirectories(folder.resolve("a/b/c/target"));

    assertThatThrownBy(() -> unpack(target, layer))
        .as(what)
        .isInstanceOfSatisfying(
            FaasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IMAGE_INVALID))
        .hasMessageStartingWith("refused to unpack the image: ");

    Folders.delete(target);
    try (Stream<Path> left = Files.walk(folder)) {
      assertThat(left.filter(path -> !Files.isDirectory(path))).isEmpty();
    }
  }

  @Test
  void ordinaryLayer_isReadableByAllAndWritableByNobody() throws Exception {
    byte[] layer =
        new TarBall()
            .folder("home")
            .folder("home/app")
            .file("./" + APP + "plain", "text")
            .file(APP + "sub/program", "#!", entry -> entry.setMode(06755))
            .file(APP + "secret", "text", entry -> entry.setMode(0600))
            .symbolicLink(APP + "sub/up", "../plain")
            .hardLink(APP + "same", APP + "plain")
            .plain();

    unpack(folder, layer);

    assertThat(folder.resolve("sub/up")).hasContent("text");
    assertThat(folder.resolve("same")).hasContent("text");
    assertThat(permissions("plain")).isEqualTo("r--r--r--");
    assertThat(permissions("secret")).isEqualTo("r--r--r--");
    assertThat(permissions("sub/program")).isEqualTo("r-xr-xr-x");
    assertThat(permissions("sub")).isEqualTo("rwxr-xr-x");
    assertThat((int) Files.getAttribute(folder.resolve("sub/program"), "unix:mode") & 07000)
        .as("setuid, setgid and sticky bits")
        .isZero();
  }

  @Test
  void laterEntryOfAName_wins() throws Exception {
    unpack(
        folder,
        new TarBall()
            .symbolicLink(APP + "f", "elsewhere")
            .file(APP + "f", "first")
            .file(APP + "f", "second")
            .plain());

    assertThat(folder.resolve("f")).hasContent("second").isRegularFile();
    assertThat(folder.resolve("elsewhere")).doesNotExist();
  }

  @Test
  void damagedArchive_isRefused() {
    byte[] layer = new TarBall().file(APP + "f", "x").plain();
    layer[150] = 'Z';

    assertThatThrownBy(() -> unpack(folder, layer)).isInstanceOf(IOException.class);
  }

  private void unpack(Path target, byte[] layer) throws IOException {
    new LayerUnpacker(target, SMALL, /* packedBytes= */ 400)
        .unpack(new ByteArrayInputStream(layer));
  }

  private String permissions(String name) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name)));
  }

  private static TarBall many(int entries) {
    TarBall tar = new TarBall();
    for (int i = 0; i < entries; i++) {
      tar.file(APP + i, "");
    }
    return tar;
  }

  private static Arguments hostile(String what, TarBall tar) {
    return Arguments.of(what, tar.plain());
  }
}
