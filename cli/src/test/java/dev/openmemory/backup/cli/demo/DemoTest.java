package dev.openmemory.backup.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DemoTest {
  private static final DemoSize SIZE = new DemoSize(500, 256 << 10, 1_000);

  @TempDir Path temp;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void provesEveryClaimAndRemovesItsFolder() {
    assertThat(run()).as("%s%n%s", out, err).isZero();
    assertThat(out.toString())
        .doesNotContain("FAILED")
        .contains(
            "seed 20231215",
            "proved  backed up while another process committed",
            "proved  listed as complete",
            "proved  verified: digests and structure",
            "proved  restored database is sound",
            "proved  it holds a prefix of the transactions",
            "proved  every row is as these transactions leave it",
            "proved  config.json is the same",
            "proved  vector store is the same: bytes, modes, times",
            "proved  one flipped byte in a copy is found",
            "proved  restored over another OpenMemory, which was kept",
            "proved  and in its place is what was backed up",
            "Everything was proved",
            "openmemory-backup restore --home DIR NAME --to NEW-DIR");
    assertThat(temp).isEmptyDirectory();
  }

  @Test
  @Tag("services")
  void keepLeavesTheFolderAndSaysWhereItIs() throws Exception {
    assertThat(run("--keep")).as("%s%n%s", out, err).isZero();
    List<Path> left;
    try (Stream<Path> entries = Files.list(temp)) {
      left = entries.toList();
    }
    assertThat(left).hasSize(1);
    Path folder = left.get(0).toRealPath();
    assertThat(out.toString()).contains(folder.toString());
    assertThat(folder.resolve("backups/demo/manifest.json")).isNotEmptyFile();
    Path restored = folder.resolve("restored/api/openmemory.db");
    Path expected = folder.resolve("work/expected.db");
    assertThat(DatabaseComparison.of(expected, restored).differences()).isEmpty();
    tamper(restored);
    assertThat(DatabaseComparison.of(expected, restored).differences()).isNotEmpty();
  }

  @Test
  @Tag("services")
  void failsAndKeepsTheFolderWhenTheWriterFails() {
    int noRate = 0;
    assertThat(execute(new DemoCommand(temp, new DemoSize(10, 64 << 10, noRate)))).isEqualTo(1);
    assertThat(out.toString())
        .contains("NOT everything was proved", "the writer stopped", "Everything is kept in")
        .doesNotContain("Everything was proved");
    assertThat(temp).isNotEmptyDirectory();
  }

  @Test
  void anInterruptEndsItAndLeavesNothing() {
    interruptAt("Making up");
  }

  @Test
  @Tag("services")
  void anInterruptEndsTheWriterToo() {
    interruptAt("Backing up");
  }

  private void interruptAt(String step) {
    Writer interrupting =
        new FilterWriter(err) {
          @Override
          public void write(String text, int offset, int length) throws IOException {
            super.write(text, offset, length);
            if (text.contains(step)) {
              Thread.currentThread().interrupt();
            }
          }
        };
    CommandLine line =
        new CommandLine(new DemoCommand(temp, SIZE))
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(interrupting));
    assertThat(line.execute()).isNotZero();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(err.toString()).contains("stopped on request");
    assertThat(out.toString()).isEmpty();
    assertThat(temp).isEmptyDirectory();
  }

  @Test
  void refusesToStartWithoutTheSpaceItNeeds() {
    DemoSize tooLarge = new DemoSize(Integer.MAX_VALUE, Integer.MAX_VALUE, 200);
    assertThat(tooLarge.spaceNeeded()).isPositive();
    assertThat(execute(new DemoCommand(temp, tooLarge))).isNotZero();
    assertThat(err.toString()).contains("bytes are free");
    assertThat(temp).isEmptyDirectory();
  }

  private static void tamper(Path database) throws SQLException {
    try (Connection connection = DemoDatabase.open(database);
        Statement statement = connection.createStatement()) {
      assertThat(
              statement.executeUpdate("UPDATE users SET name = 'somebody' WHERE user_id='user-3'"))
          .isEqualTo(1);
    }
  }

  private int run(String... args) {
    return execute(new DemoCommand(temp, SIZE), args);
  }

  private int execute(DemoCommand command, String... args) {
    return new CommandLine(command)
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(args);
  }
}
