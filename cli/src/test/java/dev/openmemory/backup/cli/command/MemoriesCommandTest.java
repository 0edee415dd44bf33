package dev.openmemory.backup.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.cli.CommandLineRun;
import dev.openmemory.backup.cli.SampleTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class MemoriesCommandTest extends SampleTest {
  private static final String TEA = "4538bc57-258c-4df3-b48d-bf4a63fb6265";

  @Test
  void aListHasALineForEachMemoryThatFitsATerminal() {
    sample.backUp("first");
    CommandLineRun run = sample.run("memories", "list", "latest");
    assertThat(run.exitCode()).as(run.text()).isZero();
    List<String> lines = run.out().lines().toList();
    assertThat(lines).hasSize(62).allMatch(line -> line.length() <= 80);
    assertThat(lines.get(0)).isEqualTo("2026-11-22  4538bc57  (deleted) I like tea in the morning");
    assertThat(lines.get(61)).isEqualTo("61 memories in backup first");
  }

  @Test
  void optionsChooseMemories() {
    sample.backUp("first");
    assertThat(list("--search", "TEA morn"))
        .endsWith("I like tea in the morning\n1 of 61 memories in backup first\n");
    assertThat(list("--user", "bob")).endsWith("5 of 61 memories in backup first\n");
    assertThat(list("--user", "bob", "--app", "cursor")).startsWith("0 of 61 memories");
    assertThat(list("--state", "deleted")).endsWith("3 of 61 memories in backup first\n");
    assertThat(list("--since", "2026-11-23")).startsWith("0 of 61 memories");
    CommandLineRun wrong = sample.run("memories", "list", "first", "--since", "yesterday");
    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(wrong.err()).contains("--since 'yesterday' is no time");
  }

  private String list(String... options) {
    CommandLineRun run =
        sample.run(
            Stream.concat(Stream.of("memories", "list", "first"), Stream.of(options))
                .toArray(String[]::new));
    assertThat(run.exitCode()).as(run.text()).isZero();
    return run.out();
  }

  @Test
  void aTextOfAnyOriginCannotActOnATerminal() throws SQLException {
    change("UPDATE memories SET content = 'a' || char(27) || '[2J' || char(10) || 'b'" + row());
    sample.backUp("first");
    assertThat(list("--state", "deleted")).contains("(deleted) a\\u001b[2J\\nb\n");
    CommandLineRun shown = sample.run("memories", "show", "first", TEA);
    assertThat(shown.out())
        .contains("  text        a\\u001b[2J\n              b\n")
        .doesNotContain("\u001b");
  }

  @Test
  void oneMemoryIsShownWithItsChanges() {
    sample.backUp("first");
    CommandLineRun run = sample.run("memories", "show", "first", TEA.substring(0, 8));
    assertThat(run.exitCode()).as(run.text()).isZero();
    assertThat(run.out())
        .startsWith("Memory " + TEA + "\n  text        I like tea in the morning\n")
        .contains("  state       deleted\n  user        alice\n  app         openmemory\n")
        .contains(": from active to deleted by alice\n")
        .endsWith("  vector      is not in the backup\n  in backup   first\n");
    JsonNode json = sample.run("memories", "show", "first", TEA, "--json").json().get("memory");
    assertThat(json.get("id").asString()).isEqualTo(TEA);
    assertThat(json.get("changes").size()).isEqualTo(2);
    assertThat(json.get("changes").get(1).get("after").asString()).isEqualTo("deleted");
    assertThat(json.get("vector").asString()).isEqualTo("absent");
    assertThat(json.get("archived").isNull()).isTrue();
  }

  @Test
  void anIdThatIsNotThereSaysWhereToLook() {
    sample.backUp("first");
    CommandLineRun run = sample.run("memories", "show", "first", "ffff");
    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.err()).contains("no memory has the id 'ffff'").contains("memories list NAME");
  }

  @Test
  void theHistoryShowsWhatChanged() throws SQLException {
    change("UPDATE memories SET state = 'active', content = 'I like tea'" + row());
    sample.backUp("first");
    sample.backUp("second");
    change("UPDATE memories SET content = 'I like coffee'" + row());
    sample.backUp("third");
    change("UPDATE memories SET state = 'deleted'" + row());
    sample.backUp("fourth");
    CommandLineRun run = sample.run("memories", "history", TEA.substring(0, 8));
    assertThat(run.exitCode()).as(run.text()).isZero();
    assertThat(run.out().replaceAll("(?m)^  [-0-9: ]{19}", "  TIME"))
        .isEqualTo(
            "Memory "
                + TEA
                + "\n  TIME  first: appeared\n    I like tea\n"
                + "  TIME  third: its text changed\n    I like coffee\n"
                + "  TIME  fourth: its state is now deleted\n"
                + "  It is in the newest backup, fourth.\n");
    assertThat(sample.run("memories", "history", TEA, "--long").out()).contains("second: the same");
    JsonNode json = sample.run("memories", "history", TEA, "--json").json().get("history");
    assertThat(json.get("backups").size()).isEqualTo(4);
    assertThat(json.get("backups").get(1).get("change").asString()).isEqualTo("same");
    assertThat(json.get("backups").get(2).get("memory").get("text").asString())
        .isEqualTo("I like coffee");
  }

  @Test
  void aBackupThatCannotBeReadIsAWarning() throws IOException {
    sample.backUp("first");
    sample.backUp("second");
    Files.write(sample.backups().resolve("second/manifest.json"), new byte[10]);
    CommandLineRun run = sample.run("memories", "history", TEA);
    assertThat(run.exitCode()).as(run.text()).isEqualTo(3);
    assertThat(run.out())
        .contains("warning: backup second is left out")
        .contains("[backup-not-read]");
  }

  @Test
  void theFormatIsThatOfTheFile() throws IOException {
    sample.backUp("first");
    for (String name : List.of("m.html", "m.md", "m.markdown", "m.csv", "m.jsonl")) {
      Path file = temp.resolve(name);
      CommandLineRun run = sample.run("memories", "export", "first", "-o", file.toString());
      assertThat(run.exitCode()).as(run.text()).isZero();
      assertThat(run.out()).startsWith("Wrote 61 memories of backup first as ");
      assertThat(file).content().contains("I like tea in the morning");
    }
    assertThat(temp.resolve("m.html")).content().startsWith("<!DOCTYPE html>");
    assertThat(temp.resolve("m.md")).hasSameTextualContentAs(temp.resolve("m.markdown"));
    CommandLineRun unsaid = sample.run("memories", "export", "first", "-o", "memories.txt");
    assertThat(unsaid.exitCode()).isEqualTo(2);
    assertThat(unsaid.err()).contains("ends neither with .html").contains("--as FORMAT");
    CommandLineRun again =
        sample.run("memories", "export", "first", "-o", temp.resolve("m.csv").toString());
    assertThat(again.exitCode()).isEqualTo(1);
    assertThat(again.err()).contains("exists already").contains("Name another FILE");
  }

  @Test
  void standardOutputHoldsTheFileAlone() {
    sample.backUp("first");
    CommandLineRun run =
        sample.run("memories", "export", "first", "-o", "-", "--as", "jsonl", "--user", "bob");
    assertThat(run.exitCode()).as(run.text()).isZero();
    assertThat(run.out().lines()).hasSize(5).allMatch(line -> line.startsWith("{\"id\":"));
    assertThat(run.err()).contains("Wrote 5 of 61 memories").contains("standard output");
    CommandLineRun both =
        sample.run("memories", "export", "first", "-o", "-", "--as", "jsonl", "--json");
    assertThat(both.exitCode()).isEqualTo(2);
  }

  @Test
  void aListForProgramsIsOneDocument() {
    sample.backUp("first");
    JsonNode all = sample.run("memories", "list", "first", "--json").json();
    assertThat(all.get("memories").size()).isEqualTo(61);
    assertThat(all.get("found").asInt()).isEqualTo(61);
    JsonNode none = sample.run("memories", "list", "first", "--json", "--user", "carol").json();
    assertThat(none.get("memories").size()).isZero();
    assertThat(none.get("present").asInt()).isEqualTo(61);
  }

  private void change(String sql) throws SQLException {
    try (Connection db = DriverManager.getConnection("jdbc:sqlite:" + sample.database());
        Statement statement = db.createStatement()) {
      assertThat(statement.executeUpdate(sql)).isEqualTo(1);
    }
  }

  private static String row() {
    return " WHERE id = '" + TEA.replace("-", "") + "'";
  }
}
