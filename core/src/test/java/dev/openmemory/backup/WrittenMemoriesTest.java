package dev.openmemory.backup;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.memories.Memory;
import dev.openmemory.backup.memories.MemoryFormat;
import dev.openmemory.backup.memories.MemoryQuery;
import dev.openmemory.backup.sample.MemoriesDatabase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Memories written for people and programs, whatever their texts hold. */
class WrittenMemoriesTest extends SampleBackupFixture {
  private static final BackupName NAME = new BackupName("first");
  private static final JsonMapper JSON = new JsonMapper();
  private static final String HOSTILE =
      "</p><script>alert(1)</script><img src=x onerror='alert(2)'> \"&amp; \u202etxet\u0007";

  @Test
  void linesOfJsonHoldAllThatIsRead() throws Exception {
    store(database().filled(12));
    List<Memory> expected = new ArrayList<>();
    backups.memories(NAME, MemoryQuery.ALL, expected::add);
    String[] lines = written(MemoryFormat.JSONL, MemoryQuery.ALL).split("\n");
    assertThat(lines).hasSize(12);
    for (int i = 0; i < lines.length; i++) {
      Memory memory = expected.get(i);
      JsonNode line = JSON.readTree(lines[i]);
      assertThat(line.get("id").stringValue()).isEqualTo(memory.id());
      assertThat(line.get("user").stringValue()).isEqualTo(memory.user().orElseThrow());
      assertThat(line.get("app").stringValue()).isEqualTo(memory.app().orElseThrow());
      assertThat(line.get("state").stringValue()).isEqualTo(memory.state());
      assertThat(line.get("text").stringValue()).isEqualTo(memory.text());
      assertThat(line.get("metadata")).isEqualTo(JSON.readTree(memory.metadata().orElseThrow()));
      assertThat(line.get("categories").size()).isEqualTo(memory.categories().size());
      assertThat(line.get("created").stringValue())
          .isEqualTo(memory.created().orElseThrow().toString());
      assertThat(line.get("archived").isNull()).isEqualTo(memory.archived().isEmpty());
    }
    assertThat(written(MemoryFormat.JSONL, MemoryQuery.ALL.withState("paused")).lines()).hasSize(3);
  }

  @Test
  void aTableIsQuotedAndNeverAFormula() throws Exception {
    store(texts("a \"b\", c", "two\nlines", "=cmd|' /C calc'!A0", "+1", "@SUM(A1)", "plain"));
    String[] rows = written(MemoryFormat.CSV, MemoryQuery.ALL).split("\r\n", -1);
    assertThat(rows[0])
        .isEqualTo("id,user,app,state,created,updated,archived,deleted,categories,text,metadata");
    assertThat(rows[1]).endsWith(",,\"a \"\"b\"\", c\",");
    assertThat(rows[2]).endsWith(",\"two\nlines\",");
    assertThat(rows[3]).endsWith(",'=cmd|' /C calc'!A0,");
    assertThat(rows[4]).endsWith(",'+1,");
    assertThat(rows[5]).endsWith(",'@SUM(A1),");
    assertThat(rows[6]).endsWith(",plain,");
    assertThat(rows[7]).isEmpty();
  }

  @Test
  void markdownQuotesEachTextWithoutMarkup() throws Exception {
    store(texts("# no *heading* <b>", "- no list\n1. no item\n\n    no code", "a\nb"));
    String text = written(MemoryFormat.MARKDOWN, MemoryQuery.ALL);
    assertThat(text).startsWith("# Memories\n\nFrom the backup first of ");
    assertThat(text).contains("\n> \\# no \\*heading\\* \\<b\\>\n");
    assertThat(text).contains("\n> \\- no list\\\n> 1\\. no item\n> \n> &#32;   no code\n");
    assertThat(text).contains("\n> a\\\n> b\n").contains("- state: active\n");
  }

  @Test
  void aPageShowsHostileTextsAsTexts() throws Exception {
    store(texts(HOSTILE));
    String page = written(MemoryFormat.HTML, MemoryQuery.ALL);
    assertThat(page)
        .contains(
            "<p dir=\"auto\">&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x"
                + " onerror=&#39;alert(2)&#39;&gt; &quot;&amp;amp; \u202etxet\ufffd</p>")
        .containsOnlyOnce("<script>")
        .contains("default-src 'none'; style-src 'sha256-")
        .contains("; script-src 'sha256-")
        .doesNotContain("http://")
        .doesNotContain("https://")
        .endsWith("</html>\n");
  }

  @ParameterizedTest
  @EnumSource(MemoryFormat.class)
  void aFileIsPrivateAndWholeAndNeverReplaced(MemoryFormat format) throws Exception {
    store(database().filled(3));
    Path file = temp.resolve("memories." + format);
    backups.writeMemories(NAME, MemoryQuery.ALL, format, file);
    assertThat(Files.readString(file)).isEqualTo(written(format, MemoryQuery.ALL));
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    byte[] before = Files.readAllBytes(file);
    BackupException refused =
        failureOf(() -> backups.writeMemories(NAME, MemoryQuery.ALL, format, file));
    assertThat(refused.kind()).isEqualTo(Kind.ALREADY_EXISTS);
    assertThat(file).hasBinaryContent(before);

    Path none = temp.resolve("none." + format);
    failureOf(() -> backups.writeMemories(new BackupName("x"), MemoryQuery.ALL, format, none));
    assertThat(none).doesNotExist();
  }

  @ParameterizedTest
  @EnumSource(MemoryFormat.class)
  void aFullDiskIsAFailureThatNamesThePlace(MemoryFormat format) throws Exception {
    store(database().filled(3));
    BackupException failure =
        failureOf(
            () ->
                backups.writeMemories(
                    NAME,
                    MemoryQuery.ALL,
                    format,
                    new OutputStream() {
                      @Override
                      public void write(int b) throws IOException {
                        throw new IOException("No space left on device");
                      }
                    }));
    assertThat(failure.operation()).isEqualTo("write memories");
    assertThat(failure.kind()).isEqualTo(Kind.NO_SPACE);
  }

  private MemoriesDatabase database() throws Exception {
    return MemoriesDatabase.emptied(temp.resolve("made.db"));
  }

  private MemoriesDatabase texts(String... texts) throws Exception {
    MemoriesDatabase database = database();
    for (int i = 0; i < texts.length; i++) {
      database.run(
          "INSERT INTO memories (id, user_id, app_id, content, created_at) VALUES (printf('%032x', "
              + (i + 10)
              + "), 'x', 'y', '"
              + texts[i].replace("'", "''")
              + "', '2025-01-02 00:00:0"
              + i
              + "')");
    }
    return database;
  }

  private void store(MemoriesDatabase database) throws IOException {
    stored.write("first/openmemory.db", database.file());
  }

  private String written(MemoryFormat format, MemoryQuery query) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    backups.writeMemories(NAME, query, format, out);
    return out.toString(UTF_8);
  }
}
