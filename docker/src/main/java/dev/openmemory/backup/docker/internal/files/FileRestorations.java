package dev.openmemory.backup.docker.internal.files;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.docker.internal.engine.DockerEngine;
import dev.openmemory.backup.docker.internal.swap.EngineSwap;
import dev.openmemory.backup.internal.file.Disk;
import dev.openmemory.backup.internal.file.Undo;
import dev.openmemory.backup.spi.Restoration;
import dev.openmemory.backup.spi.RunContext;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;

/**
 * Begins and resumes restorations of a file in a container.
 *
 * @param part distinguishes the files of one restore: {@code database}, {@code config}
 */
record FileRestorations(ContainerFile file, List<String> suffixes, String part) {

  /** Stages the content; it gets the mode and owner of the file that it will replace. */
  Restoration prepare(String restoreId, Path content, RunContext context) throws IOException {
    return Undo.closingOnFailure(
        DockerEngine.connect(file.engine()),
        engine -> {
          file.require(engine);
          FileData data = new FileData(engine, file, suffixes);
          return Undo.closingOnFailure(
              EngineSwap.begin(data, file.work(), restoreId, part, context.cancellation()),
              swap -> {
                TarArchiveEntry like =
                    new FileCopies(engine, file)
                        .stat("")
                        .orElseGet(() -> new TarArchiveEntry(file.name()));
                FileCopies.pack(content, like, swap.staged(), context.cancellation());
                return swap;
              });
        });
  }

  /** The folder with what the restore of that id has set aside. */
  Optional<Path> kept(String restoreId) {
    return EngineSwap.kept(file.work(), restoreId, part).map(Path::getParent);
  }

  /**
   * Puts back what an earlier restore has set aside.
   *
   * @param check is given an unpacked copy
   */
  Restoration prepareKept(String restoreId, String keptBy, KeptCheck check, RunContext context)
      throws IOException {
    Path tar =
        EngineSwap.kept(file.work(), keptBy, part)
            .orElseThrow(
                () ->
                    Kind.UNSUPPORTED.failure(
                        "undo", file.describe(), "was not there before, and cannot be deleted"));
    Path folder = Files.createTempDirectory(context.scratch(), "previous-");
    Closeable removal = () -> Disk.deleteTree(folder);
    try (removal) {
      Path copy = folder.resolve(part);
      FileCopies.unpack(tar, file.name(), copy, context.cancellation());
      check.of(copy);
    }
    return Undo.closingOnFailure(
        DockerEngine.connect(file.engine()),
        engine -> {
          file.require(engine);
          FileData data = new FileData(engine, file, suffixes);
          return EngineSwap.beginKept(
              data, file.work(), restoreId, part, tar, context.cancellation());
        });
  }

  /** Whether what was set aside is sound. */
  interface KeptCheck {
    void of(Path file) throws IOException;
  }

  Optional<Restoration> resume(String restoreId) throws IOException {
    if (!EngineSwap.isLeft(file.work(), restoreId, part)) {
      return Optional.empty();
    }
    DockerEngine engine = DockerEngine.connect(file.engine());
    FileData data = new FileData(engine, file, suffixes);
    return Optional.of(EngineSwap.resume(data, file.work(), restoreId, part));
  }
}
