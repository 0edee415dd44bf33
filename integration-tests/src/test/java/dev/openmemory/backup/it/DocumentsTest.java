package dev.openmemory.backup.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What the documents quote and name is there. Their commands are run by {@code
 * .ci/run-documented-commands}.
 */
class DocumentsTest {
  private static final Path ROOT = Path.of(System.getProperty("openmemory.root"));
  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");

  private static final Pattern TO_A_HEADING = Pattern.compile("\\]\\(([^)#:\\s]*)#([^)]*)\\)");
  private static final Pattern CODE = Pattern.compile("```.*?```", Pattern.DOTALL);
  private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} (.*)$");
  private static final Pattern LINKED = Pattern.compile("\\[([^\\]]*)\\]\\([^)]*\\)");

  @Test
  void everyQuotedPieceOfJavaStandsInACompiledFile() throws IOException {
    List<String> sources = files(".java").stream().map(DocumentsTest::words).toList();
    for (Path document : documents()) {
      Matcher blocks = JAVA.matcher(Files.readString(document));
      while (blocks.find()) {
        String quoted = blocks.group(1).replaceAll("\\s+", " ").strip();
        assertThat(sources.stream().anyMatch(source -> source.contains(quoted)))
            .as("a Java file has what %s quotes: %s", document, quoted)
            .isTrue();
      }
    }
  }

  @Test
  void everyLinkLeadsToAFile() throws IOException {
    for (Path document : documents()) {
      Matcher links = LINK.matcher(Files.readString(document));
      while (links.find()) {
        assertThat(document.resolveSibling(links.group(1)).normalize())
            .as("in " + document)
            .exists();
      }
    }
  }

  @Test
  void everyLinkToAHeadingLeadsToOne() throws IOException {
    for (Path document : documents()) {
      Matcher links = TO_A_HEADING.matcher(Files.readString(document));
      while (links.find()) {
        String file = links.group(1);
        Path target = file.isEmpty() ? document : document.resolveSibling(file).normalize();
        if (target.toString().endsWith(".md")) {
          assertThat(anchors(target))
              .as("%s in %s", links.group(), document)
              .contains(links.group(2));
        }
      }
    }
  }

  /** As GitHub names headings; of several alike the first one only. */
  private static Set<String> anchors(Path document) throws IOException {
    String text = CODE.matcher(Files.readString(document)).replaceAll("");
    return HEADING
        .matcher(text)
        .results()
        .map(heading -> LINKED.matcher(heading.group(1).strip()).replaceAll("$1"))
        .map(heading -> heading.toLowerCase(Locale.ROOT).replaceAll("[^\\w\\- ]", ""))
        .map(heading -> heading.replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  private static List<Path> documents() throws IOException {
    List<Path> documents = files(".md");
    assertThat(documents).hasSizeGreaterThan(10);
    return documents;
  }

  private static List<Path> files(String suffix) throws IOException {
    try (Stream<Path> all = Files.walk(ROOT)) {
      return all.filter(file -> file.toString().endsWith(suffix))
          .filter(file -> !Objects.toString(ROOT.relativize(file)).contains("target/"))
          .toList();
    }
  }

  private static String words(Path file) {
    try {
      return Files.readString(file).replaceAll("\\s+", " ");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
