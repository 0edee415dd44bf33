package dev.openmemory.backup.docker.internal.files;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.docker.internal.engine.Container;
import dev.openmemory.backup.docker.internal.engine.DockerEngine;
import dev.openmemory.backup.internal.file.Undo;
import dev.openmemory.backup.internal.sqlite.DatabaseCapture;
import dev.openmemory.backup.internal.sqlite.DatabaseCheck;
import dev.openmemory.backup.internal.sqlite.StagedDatabase;
import dev.openmemory.backup.spi.BackupFiles;
import dev.openmemory.backup.spi.Capture;
import dev.openmemory.backup.spi.Restoration;
import dev.openmemory.backup.spi.RunContext;
import java.io.IOException;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;

/** See {@link ContainerDatabaseSourceProvider}. */
final class ContainerDatabaseSource extends ContainerFileSource {
  /** Without {@code -shm}: it belongs to the processes that use the database. */
  private static final List<String> COPIED = List.of("", "-wal", "-journal");

  ContainerDatabaseSource(ContainerFile file) {
    super(
        new FileRestorations(
            file, StagedDatabase.SUFFIXES, ContainerDatabaseSourceProvider.COMPONENT));
  }

  @Override
  public void preflight(RunContext context) throws IOException {
    try (DockerEngine engine = DockerEngine.connect(file.engine())) {
      file.require(engine);
      if (new FileCopies(engine, file).stat("").isEmpty()) {
        throw missing();
      }
    }
  }

  private BackupException missing() {
    return Kind.NOT_FOUND.failure("find database", file.describe(), "does not exist");
  }

  @Override
  public long plainBytes() throws IOException {
    try (DockerEngine engine = DockerEngine.connect(file.engine())) {
      return new FileCopies(engine, file).stat("").map(TarArchiveEntry::getSize).orElse(0L);
    }
  }

  /**
   * Copies the database and what belongs to it while no program writes, and lets SQLite bring the
   * copy to the state that the next to open the original would find.
   */
  @Override
  public Capture capture(RunContext context) throws IOException {
    return Undo.closingOnFailure(
        StagedDatabase.inScratch(context),
        copy -> {
          try (DockerEngine engine = DockerEngine.connect(file.engine())) {
            file.requireHeld(engine);
            fetch(engine, copy, context);
          }
          copy.recover(file.describe());
          return DatabaseCapture.of(copy, file.describe(), context);
        });
  }

  private void fetch(DockerEngine engine, StagedDatabase copy, RunContext context)
      throws IOException {
    FileCopies copies = new FileCopies(engine, file);
    for (String suffix : COPIED) {
      boolean found =
          copies.fetch(
              suffix, copy.folder().resolve(StagedDatabase.NAME + suffix), context.cancellation());
      if (!found && suffix.isEmpty()) {
        throw missing();
      }
    }
  }

  @Override
  public Restoration prepare(String restoreId, BackupFiles files, RunContext context)
      throws IOException {
    requireReplaceable(context);
    try (StagedDatabase staged = StagedDatabase.inScratch(context)) {
      staged.fetch(files, context);
      DatabaseCheck.run(staged.file(), StagedDatabase.NAME, context.cancellation());
      return restorations.prepare(restoreId, staged.file(), context);
    }
  }

  /** The file is the mount, so that nothing can take its place, and its log is elsewhere. */
  @Override
  public void requireReplaceable(RunContext context) throws IOException {
    Container container;
    try (DockerEngine engine = DockerEngine.connect(file.engine())) {
      container = file.require(engine);
    }
    if (container.mounts().stream().anyMatch(m -> m.destination().equals(file.path()))) {
      throw new BackupException(
          Kind.UNSUPPORTED,
          "restore database",
          file.describe(),
          "is mounted as a single file, which cannot be replaced together with its log");
    }
  }

  @Override
  public Restoration prepareKept(String restoreId, String keptBy, Facts stated, RunContext context)
      throws IOException {
    requireReplaceable(context);
    return restorations.prepareKept(
        restoreId, keptBy, copy -> StagedDatabase.requireSound(copy, context), context);
  }
}
