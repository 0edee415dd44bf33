package dev.openmemory.backup.internal.transfer;

import dev.openmemory.backup.BackupEvent;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.BackupSummary.State;
import dev.openmemory.backup.Manifest;
import dev.openmemory.backup.Manifest.Digest;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.archive.ImportReport.Imported;
import dev.openmemory.backup.archive.ImportReport.Outcome;
import dev.openmemory.backup.drill.Proof;
import dev.openmemory.backup.internal.backup.InfoText;
import dev.openmemory.backup.internal.catalog.BackupCatalog;
import dev.openmemory.backup.internal.catalog.BackupRemover;
import dev.openmemory.backup.internal.catalog.BackupVerifier;
import dev.openmemory.backup.internal.catalog.RunMarker;
import dev.openmemory.backup.internal.catalog.RunMarker.Work;
import dev.openmemory.backup.internal.catalog.StoredBackup;
import dev.openmemory.backup.internal.catalog.StoredFiles;
import dev.openmemory.backup.internal.file.SmallContent;
import dev.openmemory.backup.internal.json.ManifestJson;
import dev.openmemory.backup.internal.process.Owner;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.internal.stream.StreamedContent;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.WriteOptions;
import dev.openmemory.backup.verify.VerifyReport;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One backup of an archive on its way to the target, hidden by the marker until all is checked. If
 * its name is taken, nothing is written; it may turn out to be the very same.
 */
final class IncomingBackup {
  /** What may be there though no manifest lists it. */
  private static final Set<String> UNLISTED =
      Set.of(InfoText.FILE_NAME, Proof.FILE_NAME, Manifest.SIGNATURE_FILE_NAME);

  private final Run run;
  private final BackupTarget target;
  private final String archive;
  private final BackupName name;
  private final IncomingSignature signature;
  private final Map<String, Digest> stored = new LinkedHashMap<>();
  private byte @Nullable [] manifest;
  private boolean unfinished;
  private boolean claimed;
  private boolean same;
  private final boolean taken;

  /** Claims the name, unless a backup with a manifest has it. */
  IncomingBackup(Run run, String archive, BackupName name) throws IOException {
    this.run = run;
    this.target = run.target();
    this.archive = archive;
    this.name = name;
    this.signature = new IncomingSignature(target, name);
    this.taken = new BackupCatalog(target).isTaken(name);
    if (taken && target.stat(name.file(Manifest.FILE_NAME)).isEmpty()) {
      throw alreadyExists();
    }
  }

  /**
   * Takes one file.
   *
   * @return the bytes that are held in memory for it
   */
  int take(String file, long size, Instant modified, InputStream content) throws IOException {
    if (file.equals(RunMarker.FILE_NAME)) {
      unfinished = true;
      content.transferTo(OutputStream.nullOutputStream());
      return 0;
    }
    if (file.equals(Manifest.FILE_NAME)) {
      return takeManifest(content);
    }
    if (stored.containsKey(file)) {
      throw corrupt(file + " is in it twice");
    }
    if (!taken) {
      store(file, size, modified, content);
      return 0;
    }
    if (file.equals(Manifest.SIGNATURE_FILE_NAME)) {
      return signature.take(content, archive);
    }
    content.transferTo(OutputStream.nullOutputStream());
    return 0;
  }

  private int takeManifest(InputStream content) throws IOException {
    int limit = BackupCatalog.MAX_MANIFEST_BYTES;
    byte[] bytes = content.readNBytes(limit + 1);
    if (bytes.length > limit || manifest != null) {
      throw corrupt(Manifest.FILE_NAME + " is in it twice or larger than " + limit + " bytes");
    }
    manifest = bytes;
    if (taken) {
      same = isSame(bytes);
      if (!same) {
        throw alreadyExists();
      }
    }
    return bytes.length;
  }

  private boolean isSame(byte[] bytes) throws IOException {
    return new BackupCatalog(target).find(name).state() == State.COMPLETE
        && Arrays.equals(
            bytes,
            SmallContent.read(
                target, name.file(Manifest.FILE_NAME), BackupCatalog.MAX_MANIFEST_BYTES));
  }

  private void store(String file, long size, Instant modified, InputStream content)
      throws IOException {
    claim();
    WriteOptions options =
        target.traits().modificationTimes()
            ? WriteOptions.CREATE_ONLY.withModified(modified)
            : WriteOptions.CREATE_ONLY;
    run.tell(new BackupEvent.FileStarted(file, OptionalLong.of(size)));
    StreamedContent streamed = new StreamedContent(run, file, size, content);
    boolean complete = false;
    try {
      target.write(name.file(file), streamed, options);
      complete = true;
    } finally {
      run.tell(new BackupEvent.FileFinished(file, complete ? size : 0, complete));
    }
    stored.put(file, streamed.measured());
  }

  private void claim() throws IOException {
    if (!claimed) {
      RunMarker marker = new RunMarker(Work.BACKUP, Owner.ofThisProcess(run.clock()));
      if (marker.claim(target, name).size() > 1) {
        // Another run has finished under this name since it was looked at.
        target.delete(name.file(RunMarker.FILE_NAME));
        throw alreadyExists();
      }
      claimed = true;
    }
  }

  /**
   * Checks what arrived, once the archive has been read to its end.
   *
   * @return whether it is a backup; if not, nothing of it is left
   */
  boolean check() throws IOException {
    if (taken) {
      if (!same) {
        throw alreadyExists();
      }
      signature.requireNoOther();
      return true;
    }
    if (manifest != null) {
      checkDigests(ManifestJson.read(manifest, archive + ": " + name.file(Manifest.FILE_NAME)));
      return true;
    }
    boolean scripted = stored.keySet().stream().anyMatch(StoredBackup::isScriptFile);
    if (unfinished || !scripted) {
      abandon();
      String why = unfinished ? " was not finished" : " is no backup";
      run.warn(new Warning("no-backup", name + why + " and was left out"));
      return false;
    }
    keepOnly(new TreeSet<>(stored.keySet().stream().filter(StoredBackup::isScriptFile).toList()));
    checkStructure();
    return true;
  }

  private void checkDigests(Manifest expected) throws IOException {
    Set<String> files = new TreeSet<>();
    for (Manifest.StoredFile file : expected.files()) {
      Digest found = stored.get(file.name());
      if (found == null) {
        throw corrupt(file.name() + " is missing");
      }
      if (!found.equals(file.stored())) {
        throw corrupt(file.name() + " does not match the manifest");
      }
      files.add(file.name());
    }
    keepOnly(files);
  }

  private void keepOnly(Set<String> files) throws IOException {
    for (String file : Set.copyOf(stored.keySet())) {
      if (!files.contains(file) && !UNLISTED.contains(file)) {
        target.delete(name.file(file));
        stored.remove(file);
        run.warn(
            new Warning("foreign-file", name.file(file) + " is not of the backup, was left out"));
      }
    }
  }

  private void checkStructure() throws IOException {
    BackupSummary summary =
        new BackupSummary(
            name,
            State.UNVERIFIED,
            run.clock().instant(),
            bytes(),
            stored.keySet().stream().toList(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    VerifyReport report = BackupVerifier.verify(new StoredBackup(run, summary));
    if (!report.ok()) {
      VerifyReport.Problem first = report.problems().get(0);
      throw corrupt(first.subject() + ": " + first.message());
    }
  }

  /** Makes it visible. */
  Imported publish() throws IOException {
    if (same) {
      return signature.add();
    }
    byte[] text = manifest;
    if (text != null) {
      claim();
      target.write(name.file(Manifest.FILE_NAME), new SmallContent(text), WriteOptions.CREATE_ONLY);
    }
    requireSeen(text);
    target.delete(name.file(RunMarker.FILE_NAME));
    claimed = false;
    return text == null
        ? new Imported(name, Outcome.UNVERIFIED, stored.size(), bytes())
        : new Imported(name, Outcome.IMPORTED, stored.size() + 1, bytes() + text.length);
  }

  private void requireSeen(byte @Nullable [] text) throws IOException {
    StoredFiles files = new StoredFiles();
    stored.forEach((file, digest) -> files.add(file, digest.size()));
    if (text != null) {
      files.add(Manifest.FILE_NAME, text.length);
    }
    files.requireSeen(ArchiveImporter.OPERATION, target, name);
  }

  /** Removes what was written and is not visible yet. */
  void abandon() throws IOException {
    if (claimed) {
      new BackupRemover(target, run.clock()).abandon(name);
      claimed = false;
    }
  }

  private long bytes() {
    return stored.values().stream().mapToLong(Digest::size).sum();
  }

  private BackupException corrupt(String fact) {
    return Kind.CORRUPT.failure(ArchiveImporter.OPERATION, archive, "backup " + name + ": " + fact);
  }

  private BackupException alreadyExists() {
    return Kind.ALREADY_EXISTS.failure(
        ArchiveImporter.OPERATION, target.location() + "/" + name, "another backup has this name");
  }
}
