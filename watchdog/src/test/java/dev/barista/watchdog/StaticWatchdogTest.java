package dev.barista.watchdog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class StaticWatchdogTest {

  @TempDir Path folder;

  private Path root;

  @BeforeEach
  void makeFiles() throws IOException {
    root = Files.createDirectories(folder.resolve("public"));
    Files.writeString(root.resolve("a.txt"), "0123456789");
    Files.writeString(Files.createDirectory(root.resolve("page")).resolve("index.html"), "<p>hi");
    Files.writeString(Files.createDirectory(root.resolve("list")).resolve("a b<.txt"), "x");
    Files.writeString(folder.resolve("secret"), "secret");
    Files.createSymbolicLink(root.resolve("out"), folder.resolve("secret"));
  }

  private RunningWatchdog start() throws IOException {
    return RunningWatchdog.mode("static", folder, "", "static_path", root.toString());
  }

  @Test
  void files_areServedWithTypeAndTime() throws Exception {
    try (var watchdog = start()) {
      HttpResponse<String> answer = watchdog.get("/a.txt");

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("0123456789");
      assertThat(answer.headers().firstValue("Content-Type")).contains("text/plain; charset=utf-8");
      String modified = answer.headers().firstValue("Last-Modified").orElseThrow();
      assertThat(modified).matches("\\w{3}, \\d\\d \\w{3} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT");
      assertThat(
              watchdog
                  .send("/a.txt", "GET", BodyPublishers.noBody(), "If-Modified-Since", modified)
                  .statusCode())
          .isEqualTo(304);
    }
  }

  @Test
  void folders_showTheirPageOrTheirFiles() throws Exception {
    try (var watchdog = start()) {
      assertThat(watchdog.get("/page/").body()).isEqualTo("<p>hi");
      assertThat(watchdog.get("/list/").body())
          .contains("<a href=\"./a%20b%3C.txt\">a b&lt;.txt</a>");
      assertThat(watchdog.get("/list/a%20b%3C.txt").body()).isEqualTo("x");
      HttpResponse<String> redirect = watchdog.get("/page?x=1");
      assertThat(redirect.statusCode()).isEqualTo(301);
      assertThat(redirect.headers().firstValue("Location")).contains("page/?x=1");
      assertThat(watchdog.get("/page/index.html").headers().firstValue("Location")).contains("./");
    }
  }

  @Test
  void parts_areServed() throws Exception {
    try (var watchdog = start()) {
      assertThat(part(watchdog, "bytes=2-4").body()).isEqualTo("234");
      assertThat(part(watchdog, "bytes=2-4").headers().firstValue("Content-Range"))
          .contains("bytes 2-4/10");
      assertThat(part(watchdog, "bytes=-3").body()).isEqualTo("789");
      assertThat(part(watchdog, "bytes=7-").statusCode()).isEqualTo(206);
      assertThat(part(watchdog, "bytes=10-").statusCode()).isEqualTo(416);
      assertThat(part(watchdog, "bytes=0-1,3-4").body()).isEqualTo("0123456789");
      assertThat(part(watchdog, "lines=1-2").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void whatIsNotThereOrOutside_is404() throws Exception {
    try (var watchdog = start()) {
      for (String path :
          new String[] {"/none", "/out", "/..%2fsecret", "/%00", "/page%2f..%2f.."}) {
        HttpResponse<String> answer = watchdog.get(path);
        assertThat(answer.statusCode()).as(path).isIn(404, 301);
        assertThat(answer.body()).as(path).doesNotContain("secret");
      }
      assertThat(watchdog.get("/none").body()).isEqualTo("404 page not found\n");
    }
  }

  @Test
  void otherMethods_areRefused_andHeadHasNoBody() throws Exception {
    try (var watchdog = start()) {
      assertThat(watchdog.post("/a.txt", "x").statusCode()).isEqualTo(405);
      HttpResponse<String> head = watchdog.send("/a.txt", "HEAD", BodyPublishers.noBody());
      assertThat(head.statusCode()).isEqualTo(200);
      assertThat(head.headers().firstValue("Content-Length")).contains("10");
      assertThat(head.body()).isEmpty();
    }
  }

  private static HttpResponse<String> part(RunningWatchdog watchdog, String range)
      throws IOException, InterruptedException {
    return watchdog.send("/a.txt", "GET", BodyPublishers.noBody(), "Range", range);
  }
}
