package dev.openmemory.backup.source.directory;

import static dev.openmemory.backup.source.directory.Storage.assertFails;
import static dev.openmemory.backup.source.directory.Storage.backup;
import static dev.openmemory.backup.source.directory.Storage.context;
import static dev.openmemory.backup.source.directory.Storage.sample;
import static dev.openmemory.backup.source.directory.Storage.source;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.internal.archive.Commands;
import dev.openmemory.backup.internal.archive.Trees;
import dev.openmemory.backup.spi.Capture;
import dev.openmemory.backup.testconditions.Requires;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A recorded storage in its full length, and programs that meet it. */
@Tag("services")
class DirectoryServicesTest {
  @TempDir Path temporary;

  @Test
  void theSampleIsStoredSmallAndRestoredWithItsHoles() throws Exception {
    Requires.that(Commands.exist("du"), "du");
    Path storage = sample(temporary.resolve("storage"));
    assertThat(Commands.allocated(storage)).isLessThan(3_000_000);
    Path stored = backup(storage, temporary.resolve("stored.tar.gz"));
    assertThat(Files.size(stored)).isLessThan(1_300_000);
    Path restored = Storage.restore(stored, temporary.resolve("restored"));
    assertThat(Trees.describe(restored)).isEqualTo(Trees.describe(storage));
    assertThat(Commands.allocated(restored)).isLessThan(3_000_000);
  }

  @Test
  void otherTarsUnpackTheSameFiles() throws Exception {
    Path storage = sample(temporary.resolve("storage"));
    Path stored = backup(storage, temporary.resolve("stored.tar.gz"));
    for (String[] tar : new String[][] {{"tar"}, {"busybox", "tar"}}) {
      Requires.that(Commands.exist(tar[0]), tar[0]);
      Path copy = Files.createDirectory(temporary.resolve("by-" + tar[0]));
      List<String> command = new ArrayList<>(Arrays.asList(tar));
      command.addAll(List.of("xzf", stored.toString()));
      Commands.run(copy, command.toArray(String[]::new));
      assertThat(Trees.withoutTimesOfDirectories(Trees.describe(copy)))
          .isEqualTo(Trees.withoutTimesOfDirectories(Trees.describe(storage)));
    }
  }

  @Test
  void whatIsReadFromASampleIsWhatItHolds() throws Exception {
    Path storage = sample(temporary.resolve("storage"));
    try (Capture capture = source(storage, false).capture(context())) {
      Facts facts = capture.facts();
      assertThat(facts.number("apparentBytes").getAsLong()).isGreaterThan(321_000_000);
      assertThat(facts.number("vectors", "openmemory", "size")).hasValue(1536);
    }
  }

  @Test
  void aProcessThatHoldsTheStorageAsQdrantDoesIsNamed() throws Exception {
    Path storage = sample(temporary.resolve("storage"));
    try (Holder holder = Holder.of(storage.resolve("collections/openmemory/0/wal"))) {
      assertFails(
          Kind.LOCKED,
          () -> source(storage, false).preflight(context()),
          storage.toString(),
          "in use by process " + holder.process().pid());
    }
    source(storage, false).preflight(context());
  }
}
