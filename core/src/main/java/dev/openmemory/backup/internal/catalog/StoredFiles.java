package dev.openmemory.backup.internal.catalog;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a run is about to report as stored in the folder of a backup. A store may say that it has
 * stored a file, and have none.
 */
public final class StoredFiles {
  private final Map<String, Long> sizes = new LinkedHashMap<>();

  /** Adds a file, or replaces the size that was noted for it. */
  public void add(String fileName, long size) {
    sizes.put(fileName, size);
  }

  /**
   * Looks for all of them, after the last one was written.
   *
   * @param operation for the failure
   * @throws BackupException of kind {@code CORRUPT} when one is not there or has another size
   */
  public void requireSeen(String operation, BackupTarget target, BackupName name)
      throws IOException {
    Map<String, Long> seen =
        target.list(name + "/").stream()
            .collect(Collectors.toMap(o -> o.name().fileName(), ObjectInfo::size, Math::max));
    for (Map.Entry<String, Long> file : sizes.entrySet()) {
      Long size = seen.get(file.getKey());
      if (size == null) {
        // A list may be late.
        size = target.stat(name.file(file.getKey())).map(ObjectInfo::size).orElse(null);
      }
      if (!file.getValue().equals(size)) {
        throw Kind.CORRUPT.failure(
            operation,
            target.location() + "/" + name.file(file.getKey()),
            "the target has said that it stores "
                + file.getValue()
                + " bytes, and "
                + (size == null ? "the file is not there" : "the file has " + size));
      }
    }
  }
}
