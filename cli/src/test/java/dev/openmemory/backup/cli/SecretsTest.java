package dev.openmemory.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SecretsTest extends SampleTest {
  @Test
  void keysAreInNothingThatIsPrintedOrWrittenButTheDatabaseItself() throws IOException {
    String storage = sample.storage().toString();
    List<String[]> commands =
        List.of(
            new String[] {"backup", "first", "-v", "--storage-path", storage},
            new String[] {"list", "-v"},
            new String[] {"show", "first", "-v"},
            new String[] {"show", "first", "--json"},
            new String[] {"verify", "-v"},
            new String[] {"restore", "first", "-v", "--yes", "--storage-path", storage},
            new String[] {"restore", "first", "--json", "--to", temp.resolve("copy").toString()},
            new String[] {"backup", "second", "--json", "--storage-path", storage},
            new String[] {"diff", "first", "second", "--content", "-v"});
    for (String[] command : commands) {
      CommandLineRun run = sample.run(command);
      assertThat(run.exitCode()).as(run.text()).isIn(0, 3);
      assertThat(run.text()).doesNotContain(SampleHome.LITERAL_KEY, SampleHome.ENV_VALUE);
    }
    try (Stream<Path> files = Files.walk(temp)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
        String name = file.getFileName().toString();
        if (!name.equals("openmemory.db")) {
          assertThat(bytes).as(file.toString()).doesNotContain(SampleHome.LITERAL_KEY);
        }
        if (!name.equals(".env")) {
          assertThat(bytes).as(file.toString()).doesNotContain(SampleHome.ENV_VALUE);
        }
      }
    }
  }
}
