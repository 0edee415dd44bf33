package dev.openmemory.backup.source.snapshot;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.internal.archive.ExtractionLimit;
import dev.openmemory.backup.internal.archive.TarInspector;
import dev.openmemory.backup.internal.qdrant.SnapshotIndex;
import dev.openmemory.backup.internal.swap.Destination;
import dev.openmemory.backup.spi.BackupFiles;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/** The files of this component in a stored backup. */
record StoredSnapshots(BackupFiles files, SnapshotIndex index) {
  /** Of some kilobytes for a collection; more is not what we wrote. */
  private static final int LONGEST_INDEX = 16 << 20;

  private static final int BUFFER = 64 << 10;

  /** What Qdrant cannot take a snapshot without (seen in those of Qdrant 1.18.3). */
  private static final String CONFIG = "config.json";

  static StoredSnapshots in(BackupFiles files) throws IOException {
    if (!files.names().contains(SnapshotIndex.NAME)) {
      throw Kind.UNSUPPORTED.failure(
          "read backup",
          SnapshotIndex.NAME,
          "the files of the component are " + files.names() + " instead");
    }
    SnapshotIndex index = SnapshotIndex.read(indexText(files));
    Set<String> expected = new TreeSet<>(index.files());
    expected.add(SnapshotIndex.NAME);
    if (!expected.equals(new TreeSet<>(files.names()))) {
      throw Kind.CORRUPT.failure(
          "read backup",
          SnapshotIndex.NAME,
          "lists " + index.files() + ", and the files are " + files.names());
    }
    return new StoredSnapshots(files, index);
  }

  private static byte[] indexText(BackupFiles files) throws IOException {
    try (InputStream in = files.open(SnapshotIndex.NAME)) {
      byte[] text = in.readNBytes(LONGEST_INDEX);
      if (in.read() >= 0) {
        throw Kind.CORRUPT.failure("read backup", SnapshotIndex.NAME, "is longer than it can be");
      }
      return text;
    }
  }

  /** Reads all snapshots to their ends. */
  Facts inspect(Cancellation cancellation) throws IOException {
    for (String name : index.files()) {
      try (InputStream in = files.open(name)) {
        inspect(in, name, cancellation);
      }
    }
    return index.facts();
  }

  /**
   * Reads a snapshot to its end.
   *
   * @throws BackupException of kind {@code CORRUPT} when it cannot be one
   */
  static void inspect(InputStream in, String name, Cancellation cancellation) throws IOException {
    Set<String> found = new HashSet<>();
    // Its entries have holes, so that the files are far longer than the archive.
    TarInspector.inspect(
        in,
        name,
        ExtractionLimit.unstated(),
        cancellation,
        entry -> {
          if (entry.equals(CONFIG)) {
            found.add(entry);
          }
        });
    if (found.isEmpty()) {
      throw Kind.CORRUPT.failure(
          "read snapshot", name, "has no " + CONFIG + ", so it is not a snapshot");
    }
  }

  /** Writes all files into a directory, and looks at what it wrote. */
  void copyTo(Path directory, Cancellation cancellation) throws IOException {
    for (String name : files.names()) {
      Path copy = directory.resolve(name);
      try (InputStream in = files.open(name)) {
        Destination.copy(in, copy, cancellation);
      }
      if (!name.equals(SnapshotIndex.NAME)) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(copy), BUFFER)) {
          inspect(in, name, cancellation);
        }
      }
    }
  }
}
