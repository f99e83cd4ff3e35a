package dev.barista.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barista.api.FaasException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Templates of a project that say themselves how they are built. */
class OwnTemplateTest {

  @TempDir Path folder;

  @Test
  void steps_makeLayers_seeEarlierOnes_andAreReused() throws Exception {
    var workshop = new Workshop(folder);
    workshop.handler(
        "template/mine",
        "template.yml",
        """
        language: mine
        fprocess: sh -c ./made
        build:
          - name: Word list
            files: [function/words]
            run: |
              sort function/words > "$BARISTA_OUT/sorted"
              echo once >> "$BARISTA_CACHE/runs"
          - name: Check
            when: [function/check]
            containing: 'y.s'
            unless: { CHECKED: 'no' }
            layer: false
            run: grep -q a "$BARISTA_WORD_LIST/sorted"; echo checked
          - name: Program
            tools: [cat]
            run: |
              { echo '#!/bin/sh'; echo 'cat sorted function.txt'; } > "$BARISTA_OUT/made"
              chmod +x "$BARISTA_OUT/made"
              cat function/text > "$BARISTA_OUT/function.txt"
              wc -l < "$BARISTA_CACHE/runs"
              [ "$BARISTA_CHECK" = /nonexistent ] || [ -d "$BARISTA_CHECK" ]
        """,
        "Dockerfile",
        "FROM x\\nRUN y\\n",
        "function/text",
        "of the skeleton");

    workshop.build("mine", "fn", "words", "b\na\n", "text", "mine\n", "check", "yes");
    assertThat(workshop.progress).contains("Word list", "Check", "  checked", "Program", "  1");
    assertThat(workshop.call("fn", "")).isEqualTo(new Workshop.Ended(0, "a\nb\nmine\n"));

    workshop.build("mine", "fn", "words", "b\na\n", "text", "changed\n", "check", "no");
    assertThat(workshop.progress).contains("Word list: unchanged", "  1").doesNotContain("Check");
    assertThat(workshop.call("fn", "").output()).endsWith("changed\n");
  }

  /** Else the next function would run what the first one's arguments left there. */
  @Test
  void seededCache_isFilledWithoutAFunctionsArguments() throws Exception {
    var workshop = new Workshop(folder);
    workshop.handler(
        "template/mine",
        "template.yml",
        """
        fprocess: cat
        build:
          - name: Program
            cache: seeded
            run: |
              echo "${WORD:-none}" >> "$BARISTA_CACHE/words"
              cp "$BARISTA_CACHE/words" "$BARISTA_OUT/"
        """,
        "function/text",
        "of the skeleton");

    build(workshop, "first", "hostile");
    workshop.build("mine", "second", "text", "mine");

    assertThat(workshop.store.resolve("first").rootFolder().resolve("words"))
        .hasContent("none\nhostile\n");
    assertThat(workshop.store.resolve("second").rootFolder().resolve("words"))
        .hasContent("none\nnone\n");
  }

  @Test
  void cacheThatCannotBeSeeded_beginsEmpty() throws Exception {
    var workshop = new Workshop(folder);
    workshop.handler(
        "template/mine",
        "template.yml",
        "fprocess: cat\n"
            + "build:\n"
            + "  - name: Program\n"
            + "    cache: seeded\n"
            + "    run: '[ \"$WORD\" = here ] || { echo no word; exit 7; }'\n",
        "function/text",
        "of the skeleton");

    build(workshop, "fn", "here");

    assertThat(workshop.progress)
        .contains(
            "goes on with an empty cache: step Program of template mine failed with exit status 7:"
                + " no word");
    assertThat(workshop.data.resolve("images/caches")).isDirectoryNotContaining("glob:**base-*");
  }

  private static void build(Workshop workshop, String name, String word) throws Exception {
    workshop.build(
        new BuildRequest(
            ImageReference.parse(name),
            new Templates(workshop.project).find("mine"),
            workshop.handler(name, "text", "mine"),
            Optional.empty(),
            List.of(),
            Map.of("WORD", word),
            List.of()));
  }

  @Test
  void failingStep_failsTheBuildWithItsLastWords() throws Exception {
    var workshop = new Workshop(folder);
    workshop.handler(
        "template/mine",
        "template.yml",
        "fprocess: cat\nbuild:\n  - {name: One, run: 'echo no such thing; exit 7'}\n");

    assertThatThrownBy(() -> workshop.build("mine", "fn", "x", "y"))
        .isInstanceOf(FaasException.class)
        .hasMessage("step One of template mine failed with exit status 7: no such thing");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          build: x                                | build of template mine: "x" (expected: a list of steps)
          build: [x]                              | build of template mine: "x" (expected: a step with name and run)
          build: [{name: '1'}]                    | build.name of template mine: "1" (expected: letters
          build: [{name: a, runs: b}]             | build of template mine: "runs" (expected: a field of a step: bound, cache
          build: [{name: a, when: b}]             | build.when of template mine: "b" (expected: a list)
          build: [{name: a, containing: '('}]     | build.containing of template mine: "(" (expected: a regular
          build: [{name: a, cache: yes}]          | build.cache of template mine: "yes" (expected: seeded)
          """)
  void faultInABuildList_isNamed(String yaml, String sentence) throws Exception {
    var workshop = new Workshop(folder);
    workshop.handler("template/mine", "template.yml", yaml + "\n");

    assertThatThrownBy(() -> new Templates(workshop.project).find("mine"))
        .isInstanceOf(FaasException.class)
        .hasMessageStartingWith(sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          node18 | template/node18 is built by its Dockerfile only, which needs a container engine: remove the folder, then the built-in node-http runs in its place, or add a build list to its template.yml
          php    | template/php is built by its Dockerfile only, which needs a container engine: remove the folder, then the built-in php runs in its place, or add a build list to its template.yml
          perl   | template/perl is built by its Dockerfile only, which needs a container engine: choose a built-in template (barista new --list), or add a build list to its template.yml
          """)
  void templateOfADockerfileAlone_isRefused_withWhatWouldRun(String name, String sentence)
      throws Exception {
    var workshop = new Workshop(folder);
    workshop.handler("template/" + name, "Dockerfile", "FROM x\nRUN y\n");
    assertThatThrownBy(() -> new Templates(workshop.project).find(name)).hasMessage(sentence);

    workshop.handler("template/" + name, "template.yml", "fprocess: x y\n");
    assertThatThrownBy(() -> new Templates(workshop.project).find(name)).hasMessage(sentence);
  }
}
