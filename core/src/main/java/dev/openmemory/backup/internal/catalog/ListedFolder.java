package dev.openmemory.backup.internal.catalog;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.BackupSummary.State;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Manifest;
import dev.openmemory.backup.drill.Proof;
import dev.openmemory.backup.internal.archive.ExtractionLimit;
import dev.openmemory.backup.internal.archive.TarInspector;
import dev.openmemory.backup.internal.file.SmallContent;
import dev.openmemory.backup.internal.json.ManifestJson;
import dev.openmemory.backup.internal.qdrant.StorageNames;
import dev.openmemory.backup.internal.sqlite.StagedDatabase;
import dev.openmemory.backup.internal.stream.Codec;
import dev.openmemory.backup.signature.AllowedSigners;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The folder of one name: which backup it is, by the names of its files and by its manifest. */
record ListedFolder(
    BackupTarget target,
    Optional<AllowedSigners> signers,
    BackupName name,
    List<ObjectInfo> objects) {
  /** The archive of a store with a collection is larger. A small one is read by each list. */
  private static final int SMALL_ARCHIVE = 4096;

  /** The backup; empty for an unfinished one, and for files of no backup. */
  Optional<BackupSummary> summarize() throws IOException {
    if (BackupCatalog.holds(objects, Manifest.FILE_NAME)) {
      try {
        return Optional.of(withManifest());
      } catch (BackupException e) {
        if (e.kind() != Kind.NOT_FOUND) {
          throw e;
        }
        // Deleted since it was listed.
        return Optional.empty();
      }
    }
    boolean unfinished = BackupCatalog.holds(objects, RunMarker.FILE_NAME);
    boolean scripted =
        objects.stream().anyMatch(o -> StoredBackup.isScriptFile(o.name().fileName()));
    if (unfinished || !scripted) {
      return Optional.empty();
    }
    Optional<String> unsigned = new SignatureCheck(target, signers).withoutManifest();
    return Optional.of(
        summary(
            unsigned.isPresent() ? State.DAMAGED : State.UNVERIFIED,
            newest(objects),
            Optional.empty(),
            unsigned.isPresent() ? unsigned : scriptProblem(),
            Optional.empty()));
  }

  /**
   * What the files of a script lack, as far as a quick look shows it: the scripts archive the
   * volume of upstream's compose file, which is empty, because Qdrant writes elsewhere.
   */
  private Optional<String> scriptProblem() throws IOException {
    Optional<ObjectInfo> archive =
        objects.stream().filter(o -> o.name().fileName().equals(StoredBackup.ARCHIVE)).findFirst();
    boolean mayLack = BackupCatalog.holds(objects, StagedDatabase.NAME);
    if (!mayLack || archive.isEmpty() || archive.get().size() > SMALL_ARCHIVE) {
      return Optional.empty();
    }
    StorageNames names = new StorageNames();
    byte[] bytes;
    try {
      bytes = SmallContent.read(target, archive.get().name(), SMALL_ARCHIVE);
      try (InputStream in =
          Codec.decode(
              new ByteArrayInputStream(bytes), List.of(Codec.GZIP), StoredBackup.ARCHIVE)) {
        TarInspector.inspect(
            in, StoredBackup.ARCHIVE, ExtractionLimit.unstated(), new Cancellation(), names);
      }
    } catch (BackupException e) {
      if (!concernsThisOneOnly(e.kind()) && e.kind() != Kind.NOT_FOUND) {
        throw e;
      }
      return Optional.of(StoredBackup.ARCHIVE + ": " + e.fact());
    }
    return names.collections().isEmpty()
        ? Optional.of("the vector store in " + StoredBackup.ARCHIVE + " holds no collection")
        : Optional.empty();
  }

  /** The backup of the manifest in it. */
  BackupSummary withManifest() throws IOException {
    Manifest manifest;
    byte[] text;
    try {
      text =
          SmallContent.read(
              target, name.file(Manifest.FILE_NAME), BackupCatalog.MAX_MANIFEST_BYTES);
      manifest = ManifestJson.read(text, target.location() + "/" + name.file(Manifest.FILE_NAME));
      new SignatureCheck(target, signers).require(name, text, manifest);
    } catch (BackupException e) {
      if (!concernsThisOneOnly(e.kind())) {
        throw e;
      }
      return summary(
          State.DAMAGED,
          newest(objects),
          Optional.empty(),
          Optional.of(subject(e) + ": " + e.fact()),
          Optional.empty());
    }
    Optional<String> damage = firstProblem(manifest);
    boolean mayBeProven = damage.isEmpty() && BackupCatalog.holds(objects, Proof.FILE_NAME);
    return summary(
        damage.isEmpty() ? State.COMPLETE : State.DAMAGED,
        manifest.captured().end(),
        Optional.of(manifest),
        damage.or(() -> Completeness.of(manifest).problem()),
        mayBeProven ? new ProofFile(target, name).read(text) : Optional.empty());
  }

  private static String subject(BackupException failure) {
    return failure.location().endsWith(Manifest.SIGNATURE_FILE_NAME)
        ? Manifest.SIGNATURE_FILE_NAME
        : Manifest.FILE_NAME;
  }

  /** The store could be listed, so what it refuses here or cannot read is this object. */
  static boolean concernsThisOneOnly(Kind kind) {
    return switch (kind) {
      case CORRUPT, UNSUPPORTED, DENIED, FAILED -> true;
      default -> false;
    };
  }

  /** A cheap look at names and sizes; digests are for verify. */
  private Optional<String> firstProblem(Manifest manifest) {
    for (Manifest.StoredFile file : manifest.files()) {
      Optional<ObjectInfo> object =
          objects.stream().filter(o -> o.name().fileName().equals(file.name())).findFirst();
      if (object.isEmpty()) {
        return Optional.of(file.name() + " is missing");
      }
      if (object.get().size() != file.stored().size()) {
        return Optional.of(
            file.name()
                + " has "
                + object.get().size()
                + " bytes, the manifest says "
                + file.stored().size());
      }
    }
    return Optional.empty();
  }

  private BackupSummary summary(
      State state,
      Instant created,
      Optional<Manifest> manifest,
      Optional<String> problem,
      Optional<Proof> proof) {
    long bytes = objects.stream().mapToLong(ObjectInfo::size).sum();
    List<String> files = objects.stream().map(o -> o.name().fileName()).toList();
    return new BackupSummary(
        name, state, created, bytes, files, manifest, problem, proof, pinned());
  }

  private Optional<Instant> pinned() {
    return objects.stream()
        .filter(o -> o.name().fileName().equals(BackupSummary.PIN_FILE_NAME))
        .map(ObjectInfo::modified)
        .findFirst();
  }

  /** When the backup was made, not when it was pinned. */
  static Instant newest(List<ObjectInfo> objects) {
    return objects.stream()
        .filter(o -> !o.name().fileName().equals(BackupSummary.PIN_FILE_NAME))
        .map(ObjectInfo::modified)
        .max(Comparator.naturalOrder())
        .orElse(Instant.EPOCH);
  }
}
