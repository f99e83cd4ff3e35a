package dev.barista.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutesTest {

  private static final ExchangeHandler NOTHING = exchange -> {};

  @Test
  void find_tellsUnknownPathsFromOtherMethods() {
    Routes routes =
        Routes.builder(Gatekeeper.OPEN)
            .route(Methods.of("GET"), "/a/{x}", Access.ADMIN, NOTHING)
            .route(Methods.of("POST"), "/a/b", Access.PUBLIC, NOTHING)
            .route(Methods.ANY, "/p/*", Access.PUBLIC, NOTHING)
            .build();

    assertThat(routes.find("GET", "/a/b")).isInstanceOf(Routes.Route.class);
    assertThat(routes.find("POST", "/a/b")).hasToString("PUBLIC [POST] /a/b");
    assertThat(routes.find("PUT", "/a/b"))
        .isEqualTo(new Routes.Lookup.OtherMethod(Set.of("GET", "POST")));
    assertThat(routes.find("GET", "/a/")).isEqualTo(Routes.Lookup.Unknown.INSTANCE);
    assertThat(routes.find("GET", "/a/b/c")).isEqualTo(Routes.Lookup.Unknown.INSTANCE);
    assertThat(routes.find("GET", "/p")).isEqualTo(Routes.Lookup.Unknown.INSTANCE);
    assertThat(routes.find("GET", "/p/")).hasToString("PUBLIC any /p/*");
    assertThat(routes.describe())
        .containsExactly("ADMIN [GET] /a/{x}", "PUBLIC [POST] /a/b", "PUBLIC any /p/*");
  }

  @Test
  void sameRouteTwice_isRefused() {
    Routes.Builder builder =
        Routes.builder(Gatekeeper.OPEN).route(Methods.of("GET"), "/a", Access.ADMIN, NOTHING);

    assertThatThrownBy(() -> builder.route(Methods.ANY, "/a", Access.PUBLIC, NOTHING))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("/a");
  }

  @ParameterizedTest
  @CsvSource({
    "/a/{x}/b/{y}, /a/1/b/2, 1, 2",
    "/a/{x}/b/{y}, /a/%2F/b/., %2F, .",
    "/{x}-{y}, /1/2-3, , ",
  })
  void variables_areWholeSegments(String pattern, String path, String x, String y) {
    RoutePattern parsed = RoutePattern.parse(pattern);

    assertThat(parsed.matches(path)).isEqualTo(x != null);
    if (x != null) {
      assertThat(parsed.variable("x", path)).isEqualTo(x);
      assertThat(parsed.variable("y", path)).isEqualTo(y);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/function/*, /function",
    "/system/function/{name}, /system/function",
    "/, /",
    "/a, /a"
  })
  void family_isTheLiteralBeginning(String pattern, String family) {
    assertThat(RoutePattern.parse(pattern).family()).isEqualTo(family);
  }

  @ParameterizedTest
  @CsvSource({"a/b", "/a*b", "''"})
  void badPattern_isRefused(String pattern) {
    assertThatThrownBy(() -> RoutePattern.parse(pattern))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "/, ",
    "/a/b, ",
    "/a/b/, ",
    "/a/..b/...,",
    "/a/.b,",
    "//, /",
    "/a//b, /a/b",
    "/a/./b, /a/b",
    "/a/../b, /b",
    "/a/.., /",
    "/a/b/.., /a/",
    "/a/., /a/",
    "/../../etc, /etc",
    "/%2e%2e/x, /x",
    "/a/.%2E/x, /x",
    "/a/b/../../../c/, /c/",
  })
  void unclean_pathsAreCleaned(String path, String cleaned) {
    assertThat(Targets.cleaned(path).orElse(null)).isEqualTo(cleaned);
  }
}
