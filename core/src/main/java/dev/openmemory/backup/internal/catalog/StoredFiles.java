package dev.openmemory.backup.internal.catalog;

import dev.openmemory.backup.BackupEvent;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.Manifest.StoredFile;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.internal.stream.Codec;
import dev.openmemory.backup.internal.stream.ObservedInputStream;
import dev.openmemory.backup.spi.BackupFiles;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.verify.VerifyReport.Checked;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** One component of a stored backup, read back: fetched, checked, decoded, checked again. */
public final class StoredFiles implements BackupFiles {
  private static final int BUFFER = 64 * 1024;

  private final Run run;
  private final BackupName backup;
  private final Optional<List<StoredFile>> manifestFiles;
  private final Component component;
  private final List<Checked> complete = new ArrayList<>();

  public StoredFiles(Run run, BackupSummary summary, Component component) {
    this.run = run;
    this.backup = summary.name();
    this.manifestFiles = summary.manifest().map(m -> m.files());
    this.component = component;
  }

  @Override
  public List<String> names() {
    return component.files();
  }

  @Override
  public OptionalLong plainSize(String name) {
    return manifestFiles.isEmpty()
        ? OptionalLong.empty()
        : entry(name).map(f -> OptionalLong.of(f.plain().size())).orElse(OptionalLong.empty());
  }

  @Override
  public InputStream open(String name) throws IOException {
    if (!names().contains(name)) {
      throw Kind.NOT_FOUND.failure("open", backup + "/" + name, "not a file of this component");
    }
    if (manifestFiles.isEmpty()) {
      return openScripted(name);
    }
    StoredFile file =
        entry(name)
            .orElseThrow(
                () ->
                    Kind.CORRUPT.failure(
                        "open", backup + "/" + name, "the manifest lists no such file"));
    return openChecked(file);
  }

  /** Files that were read to their ends so far. */
  List<Checked> complete() {
    return List.copyOf(complete);
  }

  InputStream openChecked(StoredFile file) throws IOException {
    ObjectName object = backup.file(file.name());
    String subject = run.target().location() + "/" + object;
    InputStream raw = run.target().read(object, 0);
    InputStream stored = new CheckedInputStream(raw, file.stored(), subject);
    InputStream decoded = Codec.decode(stored, file.codecs(), subject);
    InputStream plain =
        new CheckedInputStream(decoded, file.plain(), subject + " (" + file.plainName() + ")");
    return observed(
        plain, stored, file.name(), file.stored().size(), OptionalLong.of(file.plain().size()));
  }

  private InputStream openScripted(String name) throws IOException {
    ObjectName object = backup.file(ScriptBackup.storedName(name));
    String subject = run.target().location() + "/" + object;
    ObjectInfo info =
        run.target()
            .stat(object)
            .orElseThrow(() -> Kind.NOT_FOUND.failure("open", subject, "no such file"));
    InputStream raw = new BufferedInputStream(run.target().read(object, 0), BUFFER);
    List<String> codecs = object.fileName().endsWith(".gz") ? List.of(Codec.GZIP) : List.of();
    InputStream plain = Codec.decode(raw, codecs, subject);
    OptionalLong size = codecs.isEmpty() ? OptionalLong.of(info.size()) : OptionalLong.empty();
    return observed(plain, raw, object.fileName(), info.size(), size);
  }

  private InputStream observed(
      InputStream plain, InputStream stored, String name, long storedSize, OptionalLong plainSize) {
    run.tell(new BackupEvent.FileStarted(name, plainSize));
    return new ObservedInputStream(
        plain, stored, run, name, bytes -> complete.add(new Checked(name, storedSize, bytes)));
  }

  private Optional<StoredFile> entry(String plainName) {
    return manifestFiles.orElse(List.of()).stream()
        .filter(f -> f.plainName().equals(plainName))
        .findFirst();
  }
}
