package dev.openmemory.backup;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.archive.ArchiveFormat;
import dev.openmemory.backup.archive.ImportRequest;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.ForwardingBackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.WriteOptions;
import dev.openmemory.backup.sync.SyncReport.Outcome;
import dev.openmemory.backup.sync.SyncReport.Synced;
import dev.openmemory.backup.sync.SyncRequest;
import dev.openmemory.backup.testkit.InMemoryBackupTarget;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A target such as exFAT or a share of Windows, for which Daily and daily are one name. */
class FoldedNamesTest extends SampleBackupFixture {
  private final BackupTarget folding = new Folding(target);
  private List<ObjectInfo> before;

  @BeforeEach
  void makeOneBackup() throws IOException {
    backups.create(sample.installation(), BackupRequest.named("Daily").withOnly(Set.of("config")));
    before = target.list("");
  }

  @Test
  void aBackupOfAnotherCaseIsRefusedAndLeavesTheOtherAsItWas() throws IOException {
    BackupException failure =
        failureOf(
            () -> Backups.in(folding).create(sample.installation(), BackupRequest.named("daily")));

    assertThat(failure.kind()).isEqualTo(Kind.ALREADY_EXISTS);
    assertThat(failure).hasMessageContaining("upper and lower case");
    assertThat(target.list("")).isEqualTo(before);
  }

  @Test
  void soIsACopyOfOneAndAnImport() throws IOException {
    Backups elsewhere = Backups.in(new InMemoryBackupTarget());
    elsewhere.create(sample.installation(), BackupRequest.named("daily"));
    Path archive = temp.resolve("daily.tar");
    elsewhere.exportArchive(new BackupName("daily"), ArchiveFormat.TAR, archive);

    List<Synced> synced = elsewhere.sync(folding, SyncRequest.STANDARD).backups();
    BackupException failure =
        failureOf(() -> Backups.in(folding).importArchive(archive, ImportRequest.STANDARD));

    assertThat(synced).singleElement().extracting(Synced::outcome).isEqualTo(Outcome.FAILED);
    assertThat(synced.get(0).detail()).contains("upper and lower case");
    assertThat(failure).hasMessageContaining("upper and lower case");
    assertThat(target.list("")).isEqualTo(before);
  }

  /** Finds names in any case, and lists them in the case in which they were made. */
  private static final class Folding extends ForwardingBackupTarget {
    Folding(BackupTarget target) {
      super(target);
    }

    @Override
    public String location() {
      return "folding:";
    }

    private ObjectName made(ObjectName name) throws IOException {
      String folder = name.segments().get(0);
      for (ObjectInfo there : super.list("")) {
        String known = there.name().segments().get(0);
        if (known.equalsIgnoreCase(folder)) {
          return new ObjectName(known + name.value().substring(folder.length()));
        }
      }
      return name;
    }

    @Override
    public ObjectInfo write(ObjectName name, Content content, WriteOptions options)
        throws IOException {
      return super.write(made(name), content, options);
    }

    @Override
    public InputStream read(ObjectName name, long offset) throws IOException {
      return super.read(made(name), offset);
    }

    @Override
    public Optional<ObjectInfo> stat(ObjectName name) throws IOException {
      return super.stat(made(name));
    }

    @Override
    public void delete(ObjectName name) throws IOException {
      super.delete(made(name));
    }
  }
}
