package dev.barista.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Arbitrary bytes for the parsers. Whatever comes: nothing is thrown, no buffer is kept, the answer
 * is valid HTTP, an answer that refuses is the last one, and how the network cuts the bytes into
 * pieces changes nothing.
 *
 * <p>A normal build runs the inputs in {@code src/test/resources}. To look for new ones, two
 * minutes for each method:
 *
 * <pre>
 *   JAZZER_FUZZ=1 ./mvnw -pl http test -Dtest='ParserFuzzTest#requests'
 * </pre>
 */
class ParserFuzzTest {

  private static final String CHUNKED =
      "POST /f HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";

  private static final Pattern HEAD =
      Pattern.compile("HTTP/1\\.1 (\\d{3}) [^\r\n]*\r\n((?:[!-9;-~]+: [^\r\n\0]*\r\n)*)\r\n");

  private static final Pattern REFUSAL =
      Pattern.compile("HTTP/1\\.1 (400|413|414|417|431|501|505) ");

  private static final Pattern LENGTH = Pattern.compile("(?i)content-length: (\\d+)\r\n");

  @FuzzTest(maxDuration = "2m")
  void requests(byte[] input) {
    checkRequests(input);
  }

  @FuzzTest(maxDuration = "2m")
  void chunks(byte[] input) {
    byte[] head = CHUNKED.getBytes(ISO_8859_1);
    byte[] bytes = Arrays.copyOf(head, head.length + input.length);
    System.arraycopy(input, 0, bytes, head.length, input.length);
    checkRequests(bytes);
  }

  @FuzzTest(maxDuration = "2m")
  void answers(byte[] input) {
    ParserHarness.Result whole = ParserHarness.answers(input);

    assertThat(whole.unreleased()).isZero();
    assertThat(ParserHarness.answers(input, input.length / 2, input.length / 3)).isEqualTo(whole);
  }

  private static void checkRequests(byte[] bytes) {
    ParserHarness.Result whole = ParserHarness.requests(bytes);

    assertThat(whole.unreleased()).isZero();
    assertValid(whole);
    assertThat(outcome(ParserHarness.requests(bytes, bytes.length / 2, bytes.length / 3)))
        .isEqualTo(outcome(whole));
    if (bytes.length < 300) {
      int[] everywhere = new int[bytes.length];
      Arrays.setAll(everywhere, i -> i);
      assertThat(outcome(ParserHarness.requests(bytes, everywhere))).isEqualTo(outcome(whole));
    }
  }

  /**
   * What has to be the same however the bytes were cut. Of several faults in one head the one is
   * told that is met first, so a refusal counts only as one.
   */
  private static String outcome(ParserHarness.Result result) {
    Matcher refusal = REFUSAL.matcher(result.text());
    int last = -1;
    while (refusal.find()) {
      last = refusal.start();
    }
    return last < 0 || result.open()
        ? result.toString()
        : result.text().substring(0, last) + "refused, " + result.unreleased();
  }

  private static void assertValid(ParserHarness.Result result) {
    String text = result.text();
    Matcher head = HEAD.matcher(text);
    int at = 0;
    while (at < text.length()) {
      head.region(at, text.length());
      assertThat(head.lookingAt()).as("an answer at %s of %s", at, text).isTrue();
      int status = Integer.parseInt(head.group(1));
      Matcher length = LENGTH.matcher(head.group(2));
      // The answer to a HEAD tells the length of a body that isn't there; 1xx has none.
      int body = status >= 200 && length.find() ? Integer.parseInt(length.group(1)) : 0;
      at = head.end() + (bodyFollows(text, head.end(), body) ? body : 0);
      if (status >= 400) {
        assertThat(at).as("bytes after a refusal in %s", text).isGreaterThanOrEqualTo(head.end());
      }
    }
  }

  private static boolean bodyFollows(String text, int from, int length) {
    return from + length <= text.length() && !text.startsWith("HTTP/1.1 ", from);
  }
}
