package dev.openmemory.backup.internal.archive;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.spi.BackupFiles;
import dev.openmemory.backup.spi.RunContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * A component of a stored backup that is one tar.
 *
 * @param name its plain name
 */
public record StoredTar(BackupFiles files, String name) {
  /**
   * Finds it.
   *
   * @throws BackupException of kind {@code UNSUPPORTED} when the component has other files
   */
  public static StoredTar in(BackupFiles files, String name) throws BackupException {
    if (!files.names().equals(List.of(name))) {
      throw Kind.UNSUPPORTED.failure(
          "read backup", name, "the files of the component are " + files.names() + " instead");
    }
    return new StoredTar(files, name);
  }

  /** Its plain bytes; see {@link BackupFiles#open}. */
  public InputStream open() throws IOException {
    return files.open(name);
  }

  /** For a walk that writes nothing. */
  public ExtractionLimit limit() {
    OptionalLong size = files.plainSize(name);
    return size.isPresent() ? ExtractionLimit.stated(size.getAsLong()) : ExtractionLimit.unstated();
  }

  /**
   * Reads it to its end.
   *
   * @param names takes the name of each regular file
   */
  public TarSummary inspect(RunContext context, Consumer<String> names) throws IOException {
    try (InputStream in = open()) {
      return TarInspector.inspect(in, name, limit(), context.cancellation(), names);
    }
  }

  /**
   * Unpacks it into the directory, and reads it to its end.
   *
   * @param replaced the present directory that it replaces; empty when there is none
   */
  public void unpack(Path directory, Optional<Path> replaced, RunContext context)
      throws IOException {
    RestoredOwners owners = RestoredOwners.of(replaced, context.warnings());
    ExtractionLimit limit =
        files.plainSize(name).isPresent() ? limit() : ExtractionLimit.unstated(directory);
    try (InputStream in = open()) {
      unpack(in, directory, limit, owners, context);
    }
  }

  /**
   * A name that no file system takes may come of damaged bytes; the digest at the end shows that.
   */
  private void unpack(
      InputStream in,
      Path directory,
      ExtractionLimit limit,
      RestoredOwners owners,
      RunContext context)
      throws IOException {
    try {
      TarExtractor.extract(in, directory, name, limit, owners, context.cancellation(), entry -> {});
    } catch (BackupException e) {
      if (e.kind() == Kind.UNSUPPORTED) {
        requireUndamaged(in, e);
      }
      throw e;
    }
  }

  private static void requireUndamaged(InputStream in, BackupException failure) throws IOException {
    try {
      in.transferTo(OutputStream.nullOutputStream());
    } catch (BackupException damage) {
      damage.addSuppressed(failure);
      throw damage;
    }
  }
}
