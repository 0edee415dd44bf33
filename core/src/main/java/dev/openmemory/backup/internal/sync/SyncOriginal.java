package dev.openmemory.backup.internal.sync;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.Manifest;
import dev.openmemory.backup.Manifest.Digest;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.internal.catalog.BackupCatalog;
import dev.openmemory.backup.internal.file.SmallContent;
import dev.openmemory.backup.internal.json.ManifestJson;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.internal.stream.MeasuringOutputStream;
import dev.openmemory.backup.internal.text.Sha256;
import dev.openmemory.backup.spi.ObjectInfo;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A backup as the source has it.
 *
 * @param manifest its bytes, to be copied as they are; empty for a backup of the guide's scripts
 */
record SyncOriginal(BackupName name, List<File> files, Optional<SmallContent> manifest) {
  /**
   * A file to copy.
   *
   * @param modified to be kept, where the age of the backup is not known otherwise
   */
  record File(ObjectName name, Digest digest, Optional<Instant> modified) {
    String fileName() {
      return name.fileName();
    }
  }

  /**
   * Reads what has to be known before anything is sent. Without a manifest that is each file's
   * digest, so that such a copy, too, can be checked and continued.
   */
  static SyncOriginal read(Run run, BackupSummary backup, List<ObjectInfo> objects)
      throws IOException {
    return backup.manifest().isPresent()
        ? withManifest(run, backup.name(), backup.manifest().get(), objects)
        : withoutManifest(run, backup.name(), objects);
  }

  /** Differs for each content of the backup. */
  String sha256() {
    return manifest
        .map(text -> Sha256.of(text.bytes()))
        .orElseGet(() -> Sha256.of(files.toString()));
  }

  private static SyncOriginal withManifest(
      Run run, BackupName name, Manifest listed, List<ObjectInfo> objects) throws IOException {
    ObjectName object = name.file(Manifest.FILE_NAME);
    String place = run.target().location() + "/" + object;
    byte[] text = SmallContent.read(run.target(), object, BackupCatalog.MAX_MANIFEST_BYTES);
    if (!ManifestJson.read(text, place).equals(listed)) {
      throw Kind.FAILED.failure("sync", place, "was replaced meanwhile");
    }
    List<File> files = new ArrayList<>();
    listed
        .files()
        .forEach(f -> files.add(new File(name.file(f.name()), f.stored(), Optional.empty())));
    for (ObjectInfo there : objects) {
      if (there.name().fileName().equals(Manifest.SIGNATURE_FILE_NAME)) {
        files.add(new File(there.name(), digest(run, there.name()), Optional.empty()));
      }
    }
    return new SyncOriginal(name, files, Optional.of(new SmallContent(text)));
  }

  private static SyncOriginal withoutManifest(Run run, BackupName name, List<ObjectInfo> objects)
      throws IOException {
    List<File> files = new ArrayList<>();
    for (ObjectInfo object : objects) {
      if (object.name().fileName().equals(BackupSummary.PIN_FILE_NAME)) {
        continue;
      }
      files.add(
          new File(object.name(), digest(run, object.name()), Optional.of(object.modified())));
    }
    return new SyncOriginal(name, files, Optional.empty());
  }

  private static Digest digest(Run run, ObjectName object) throws IOException {
    MeasuringOutputStream measured =
        new MeasuringOutputStream(OutputStream.nullOutputStream(), b -> run.checkCancelled());
    try (InputStream in = run.target().read(object, 0)) {
      in.transferTo(measured);
    }
    return measured.digest();
  }
}
