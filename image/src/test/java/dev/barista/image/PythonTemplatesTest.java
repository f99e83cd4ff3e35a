package dev.barista.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PythonTemplatesTest {

  @TempDir Path folder;

  @BeforeAll
  static void requirePython() {
    Tools.require("python3");
  }

  @Test
  void classic_answersWhatIsReturnedAndPrinted() throws Exception {
    var workshop = new Workshop(folder);
    workshop.build(
        "python3",
        "hello",
        "handler.py",
        """
        import os
        count = 0
        def handle(req):
            global count
            count += 1
            print("printed", count)
            os.system("echo from a program")
            return req.upper()
        """);

    try (var function = workshop.start("hello", Map.of())) {
      assertThat(function.post("hi").text()).isEqualTo("from a program\nprinted 1\nHI\n");
      assertThat(function.post("again").text()).isEqualTo("from a program\nprinted 1\nAGAIN\n");
      assertThat(function.terminate()).isZero();
    }
  }
}
