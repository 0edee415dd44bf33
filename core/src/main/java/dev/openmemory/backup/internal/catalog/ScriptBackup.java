package dev.openmemory.backup.internal.catalog;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.internal.archive.ExtractionLimit;
import dev.openmemory.backup.internal.archive.TarInspector;
import dev.openmemory.backup.internal.qdrant.StorageNames;
import dev.openmemory.backup.internal.stream.Codec;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The files that the guide's scripts, or its commands typed by hand, leave: the same names as ours,
 * without a manifest.
 */
public final class ScriptBackup {
  /** File as stored, file as captured, and whose it is. */
  private record Known(String stored, String plain, String component, String type) {}

  private static final String DATABASE = "openmemory.db";
  private static final String ARCHIVE = "qdrant-storage.tar.gz";

  /** The archive of a store with a collection is larger. A small one is read by each list. */
  private static final int SMALL_ARCHIVE = 4096;

  private static final List<Known> FILES =
      List.of(
          new Known(DATABASE, DATABASE, "database", "sqlite"),
          new Known("config.json", "config.json", "config", "config"),
          new Known(ARCHIVE, "qdrant-storage.tar", "vectors", "directory"));

  private ScriptBackup() {}

  public static boolean isFileOfOne(String fileName) {
    return FILES.stream().anyMatch(k -> k.stored().equals(fileName));
  }

  /** The components that these files make. */
  static List<Component> components(List<String> fileNames) {
    return FILES.stream()
        .filter(k -> fileNames.contains(k.stored()))
        .map(k -> new Component(k.component(), k.type(), List.of(k.plain()), Facts.NONE, Map.of()))
        .toList();
  }

  /**
   * What the files lack, as far as a quick look shows it: the scripts archive the volume of
   * upstream's compose file, which is empty, because Qdrant writes elsewhere.
   */
  static Optional<String> problem(BackupTarget target, List<ObjectInfo> objects)
      throws IOException {
    Optional<ObjectInfo> archive =
        objects.stream().filter(o -> o.name().fileName().equals(ARCHIVE)).findFirst();
    boolean mayLack = objects.stream().anyMatch(o -> o.name().fileName().equals(DATABASE));
    if (!mayLack || archive.isEmpty() || archive.get().size() > SMALL_ARCHIVE) {
      return Optional.empty();
    }
    try {
      return holdsCollection(SmallContent.read(target, archive.get().name(), SMALL_ARCHIVE))
          ? Optional.empty()
          : Optional.of("the vector store in " + ARCHIVE + " holds no collection");
    } catch (BackupException e) {
      if (!BackupCatalog.concernsThisOneOnly(e.kind()) && e.kind() != Kind.NOT_FOUND) {
        throw e;
      }
      return Optional.of(ARCHIVE + ": " + e.fact());
    }
  }

  private static boolean holdsCollection(byte[] archive) throws IOException {
    StorageNames names = new StorageNames();
    try (InputStream in =
        Codec.decode(new ByteArrayInputStream(archive), List.of(Codec.GZIP), ARCHIVE)) {
      TarInspector.inspect(in, ARCHIVE, ExtractionLimit.unstated(), new Cancellation(), names);
    }
    return !names.collections().isEmpty();
  }

  /** The stored name of a plain one. */
  static String storedName(String plainName) {
    return FILES.stream()
        .filter(k -> k.plain().equals(plainName))
        .findFirst()
        .orElseThrow()
        .stored();
  }
}
