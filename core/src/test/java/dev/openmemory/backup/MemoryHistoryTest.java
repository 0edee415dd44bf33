package dev.openmemory.backup;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.memories.Memory;
import dev.openmemory.backup.memories.MemoryHistory;
import dev.openmemory.backup.memories.MemoryHistory.Change;
import dev.openmemory.backup.memories.MemoryHistory.Entry;
import dev.openmemory.backup.sample.MemoriesDatabase;
import dev.openmemory.backup.sample.RecordingTarget;
import dev.openmemory.backup.sample.Signers;
import dev.openmemory.backup.testkit.InMemoryBackupTarget;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One memory through several backups. */
class MemoryHistoryTest extends SampleBackupFixture {
  private static final String ID = "abcdef00-0000-0000-0000-000000000004";
  private static final String ROW = " WHERE id = '" + ID.replace("-", "") + "'";

  private MemoriesDatabase database;
  private int day;

  @BeforeEach
  void installation() throws Exception {
    database = new MemoriesDatabase(sample.database());
  }

  @Test
  void eachBackupSaysWhatChanged() throws Exception {
    backUp("before");
    database.filled(8);
    backUp("appeared");
    backUp("same");
    database.run("UPDATE memories SET content = 'changed by an assistant'" + ROW);
    backUp("text");
    database.run("UPDATE memories SET state = 'deleted'" + ROW);
    backUp("state");
    database.run("UPDATE memories SET metadata = '{}'" + ROW);
    backUp("other");
    database.run("DELETE FROM memories" + ROW);
    backUp("gone");
    backUp("still-gone");

    MemoryHistory history = backups.memoryHistory("ABCDEF00000000000000000000000004");
    assertThat(history.id()).isEqualTo(ID);
    assertThat(history.entries())
        .extracting(entry -> entry.backup().value(), Entry::change)
        .containsExactly(
            tuple("before", Change.NOT_THERE),
            tuple("appeared", Change.APPEARED),
            tuple("same", Change.SAME),
            tuple("text", Change.TEXT),
            tuple("state", Change.STATE),
            tuple("other", Change.OTHER),
            tuple("gone", Change.GONE),
            tuple("still-gone", Change.NOT_THERE));
    assertThat(history.entries().get(3).memory().map(Memory::text))
        .contains("changed by an assistant");
    assertThat(history.unread()).isEmpty();
  }

  @Test
  void theSameDatabaseIsFetchedOnce() throws Exception {
    database.filled(8);
    backUp("one");
    backUp("two");
    RecordingTarget recorded = new RecordingTarget(target);
    Backups.in(recorded).withScratch(temp.resolve("scratch")).memoryHistory(ID);
    assertThat(recorded.reads())
        .filteredOn(name -> name.endsWith(".db"))
        .containsExactly("one/openmemory.db");
  }

  @Test
  void aBackupThatCannotBeReadIsNamed() throws Exception {
    database.filled(8);
    backUp("good");
    database.run("UPDATE memories SET state = 'paused'" + ROW);
    backUp("bad");
    stored.flip("bad/openmemory.db");
    MemoryHistory history = backups.memoryHistory(ID);
    assertThat(history.entries())
        .extracting(entry -> entry.backup().value())
        .containsExactly("good");
    assertThat(history.unread())
        .singleElement()
        .satisfies(warning -> assertThat(warning.message()).startsWith("backup bad is left out: "));
  }

  @Test
  void aBackupWithoutARequiredSignatureIsLeftOut() throws Exception {
    database.filled(8);
    Signers signers = new Signers(temp);
    Backups signing = backups.withSigningKey(signers.key("signer"));
    signing.create(sample.installation(), BackupRequest.named("signed"));
    backUp("unsigned");
    MemoryHistory history =
        backups.withRequiredSignature(signers.allowed("signer")).memoryHistory(ID);
    assertThat(history.entries())
        .extracting(entry -> entry.backup().value())
        .containsExactly("signed");
    assertThat(history.unread()).hasSize(1);
  }

  @Test
  void anUnknownIdIsNotFound() throws Exception {
    backUp("one");
    assertThat(failureOf(() -> backups.memoryHistory("ffffff")).kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(
            failureOf(
                    () ->
                        Backups.in(new InMemoryBackupTarget())
                            .withScratch(temp.resolve("scratch"))
                            .memoryHistory("ffffff"))
                .kind())
        .isEqualTo(Kind.NOT_FOUND);
  }

  @Test
  void theBeginningOfAnIdHasToBeThatOfOneMemory() throws Exception {
    database.filled(8);
    backUp("one");
    assertThat(failureOf(() -> backups.memoryHistory("abcdef")).kind()).isEqualTo(Kind.INVALID);
    assertThat(backups.memoryHistory(ID.substring(0, 36)).entries()).hasSize(1);
  }

  private void backUp(String name) throws BackupException {
    day++;
    Instant time = Instant.parse("2026-01-01T00:00:00Z").plusSeconds(86_400L * day);
    backups
        .withClock(Clock.fixed(time, ZoneOffset.UTC))
        .create(sample.installation(), BackupRequest.named(name));
  }
}
