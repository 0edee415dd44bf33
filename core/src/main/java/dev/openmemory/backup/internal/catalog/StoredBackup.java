package dev.openmemory.backup.internal.catalog;

import dev.openmemory.backup.BackupEvent;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.BackupSummary.State;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Manifest;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.Manifest.Digest;
import dev.openmemory.backup.Manifest.StoredFile;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.internal.file.Boundary;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.internal.sqlite.DatabaseCheck;
import dev.openmemory.backup.internal.sqlite.StagedDatabase;
import dev.openmemory.backup.internal.stream.Codec;
import dev.openmemory.backup.internal.stream.ObservedInputStream;
import dev.openmemory.backup.spi.BackupFiles;
import dev.openmemory.backup.spi.BackupSourceProvider;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.RunContext;
import dev.openmemory.backup.verify.VerifyReport.Checked;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A backup that a run reads. One of the guide's scripts, or of its commands typed by hand, has no
 * manifest; its file names, which are the same as ours, say what it has.
 */
public record StoredBackup(Run run, BackupSummary summary) {
  private static final int BUFFER = 64 * 1024;
  static final String ARCHIVE = "qdrant-storage.tar.gz";

  /** A file of a script: its name as stored and as captured, and what it is. */
  private record ScriptFile(String stored, String plain, String component, String type) {}

  private static final List<ScriptFile> SCRIPT_FILES =
      List.of(
          new ScriptFile(StagedDatabase.NAME, StagedDatabase.NAME, Component.DATABASE, "sqlite"),
          new ScriptFile("config.json", "config.json", Component.CONFIG, "config"),
          new ScriptFile(ARCHIVE, "qdrant-storage.tar", Component.VECTORS, "directory"));

  /**
   * For work that needs the content; {@code NOT_FOUND}, {@code NO_KEY}, {@code WRONG_KEY}, or
   * {@code CORRUPT} without the signature that is required.
   */
  public static StoredBackup find(Run run, BackupName name) throws IOException {
    StoredBackup backup = asStored(run, name);
    if (run.keys().signers().isPresent() && backup.summary().manifest().isEmpty()) {
      backup.requireUndamaged("open");
    }
    return SealedBackup.opened(backup);
  }

  /** For work that only moves it: an encrypted one stays as it is. */
  public static StoredBackup asStored(Run run, BackupName name) throws IOException {
    return new StoredBackup(run, BackupCatalog.of(run).find(name));
  }

  /** The bytes in the target, compared with the manifest. */
  InputStream stored(StoredFile file) throws IOException {
    ObjectName object = summary.name().file(file.name());
    return new CheckedInputStream(
        run.target().read(object, 0), file.stored(), run.target().location() + "/" + object);
  }

  /** The components of a backup, by its manifest or by its file names. */
  public static List<Component> components(BackupSummary summary) {
    return summary
        .manifest()
        .map(Manifest::components)
        .orElseGet(
            () ->
                SCRIPT_FILES.stream()
                    .filter(f -> summary.files().contains(f.stored()))
                    .map(
                        f ->
                            new Component(
                                f.component(), f.type(), List.of(f.plain()), Facts.NONE, Map.of()))
                    .toList());
  }

  public List<Component> components() {
    return components(summary);
  }

  public Optional<Component> component(String name) {
    return components().stream().filter(c -> c.component().equals(name)).findFirst();
  }

  /** The component; without it a {@code NOT_FOUND} failure of the operation. */
  public Component require(String name, String operation) throws BackupException {
    return component(name)
        .orElseThrow(
            () -> Kind.NOT_FOUND.failure(operation, location(), "the backup has no " + name));
  }

  /** What of the component was captured; empty where no manifest says. */
  public List<Digest> digests(String component) {
    List<String> names = component(component).map(Component::files).orElse(List.of());
    return summary.manifest().stream()
        .flatMap(manifest -> manifest.files().stream())
        .filter(file -> names.contains(file.plainName()))
        .map(StoredFile::plain)
        .toList();
  }

  /** Names the backup in messages. */
  public String location() {
    return run.target().location() + "/" + summary.name();
  }

  /** A damaged one is {@code CORRUPT}. */
  public StoredBackup requireUndamaged(String operation) throws BackupException {
    if (summary.state() == State.DAMAGED) {
      throw Kind.CORRUPT.failure(operation, location(), summary.problem().orElse("damaged"));
    }
    return this;
  }

  /** The files of the component, to be read back. */
  public Files files(Component component) {
    return new Files(component);
  }

  /** Fetches the database into the private folder and checks it. */
  public Facts fetch(Component database, StagedDatabase staged) throws IOException {
    read(
        () -> {
          staged.fetch(files(database), run.context());
          return staged;
        });
    return DatabaseCheck.run(staged.file(), location(), run.context().cancellation());
  }

  /**
   * Reads this backup where several are read: a failure that speaks of damage, also of a missing
   * file, names this one.
   */
  public <T> T read(Boundary.Call<T> reading) throws IOException {
    try {
      return reading.run();
    } catch (BackupException e) {
      boolean named = e.location().startsWith(location());
      boolean damaged = e.kind() == Kind.CORRUPT || e.kind() == Kind.NOT_FOUND;
      if (!damaged || (named && e.kind() == Kind.CORRUPT)) {
        throw e;
      }
      String below = e.location().isEmpty() ? "" : "/" + e.location();
      String place = named ? e.location() : location() + below;
      throw Kind.CORRUPT.failure(e.operation(), place, e.fact(), e);
    }
  }

  /** The object of a plain file in a backup without a manifest. */
  ObjectInfo scriptObject(String plainName) throws IOException {
    String stored =
        SCRIPT_FILES.stream()
            .filter(f -> f.plain().equals(plainName))
            .findFirst()
            .orElseThrow()
            .stored();
    return run.target()
        .stat(summary.name().file(stored))
        .orElseThrow(
            () -> Kind.NOT_FOUND.failure("open", location() + "/" + stored, "no such file"));
  }

  /** Whether the folder of a file with this name is of a backup, or of an unfinished one. */
  static boolean tells(String fileName) {
    return fileName.equals(Manifest.FILE_NAME)
        || fileName.equals(RunMarker.FILE_NAME)
        || isScriptFile(fileName);
  }

  /** Whether a backup without a manifest consists of files such as this one. */
  public static boolean isScriptFile(String fileName) {
    return SCRIPT_FILES.stream().anyMatch(f -> f.stored().equals(fileName));
  }

  /** The files of one component, read back: fetched, checked, decoded, checked again. */
  public final class Files implements BackupFiles {
    private final Component component;
    private final List<Checked> complete = new ArrayList<>();

    private Files(Component component) {
      this.component = component;
    }

    @Override
    public List<String> names() {
      return component.files();
    }

    @Override
    public OptionalLong plainSize(String name) {
      return entry(name).stream().mapToLong(f -> f.plain().size()).findFirst();
    }

    @Override
    public InputStream open(String name) throws IOException {
      String place = summary.name() + "/" + name;
      if (!names().contains(name)) {
        throw Kind.NOT_FOUND.failure("open", place, "not a file of this component");
      }
      if (summary.manifest().isEmpty()) {
        return openScripted(name);
      }
      StoredFile file =
          entry(name)
              .orElseThrow(
                  () -> Kind.CORRUPT.failure("open", place, "the manifest lists no such file"));
      String subject = run.target().location() + "/" + summary.name().file(file.name());
      InputStream stored = stored(file);
      InputStream decoded = Codec.decode(stored, file.codecs(), run.keys().decryptor(), subject);
      // The stored bytes are checked; without a codec these are the same, and digests take time.
      InputStream plain =
          file.codecs().isEmpty() && file.plain().equals(file.stored())
              ? decoded
              : new CheckedInputStream(
                  decoded, file.plain(), subject + " (" + file.plainName() + ")");
      return observed(
          plain, stored, file.name(), file.stored().size(), OptionalLong.of(file.plain().size()));
    }

    private InputStream openScripted(String name) throws IOException {
      ObjectInfo info = scriptObject(name);
      ObjectName object = info.name();
      InputStream raw = new BufferedInputStream(run.target().read(object, 0), BUFFER);
      List<String> codecs = object.fileName().endsWith(".gz") ? List.of(Codec.GZIP) : List.of();
      InputStream plain = Codec.decode(raw, codecs, run.target().location() + "/" + object);
      OptionalLong size = codecs.isEmpty() ? OptionalLong.of(info.size()) : OptionalLong.empty();
      return observed(plain, raw, object.fileName(), info.size(), size);
    }

    private InputStream observed(
        InputStream plain, InputStream stored, String name, long size, OptionalLong plainSize) {
      run.tell(new BackupEvent.FileStarted(name, plainSize));
      return new ObservedInputStream(
          plain,
          stored,
          run,
          name,
          bytes -> complete.add(new Checked(name, size, OptionalLong.of(bytes))));
    }

    private Optional<StoredFile> entry(String plainName) {
      return summary.manifest().stream()
          .flatMap(m -> m.files().stream())
          .filter(f -> f.plainName().equals(plainName))
          .findFirst();
    }

    /** What the files show; empty without the plug-in that made them. */
    public Optional<Facts> inspect(RunContext context) throws IOException {
      Optional<BackupSourceProvider> provider = run.sources().find(component.type());
      return provider.isPresent()
          ? Optional.of(provider.get().inspect(this, context))
          : Optional.empty();
    }

    /** Reads all of them to their ends, so that their digests are compared. */
    public void drain() throws IOException {
      for (String name : names()) {
        try (InputStream in = open(name)) {
          in.transferTo(OutputStream.nullOutputStream());
        }
      }
    }

    /** Files that were read to their ends so far. */
    List<Checked> complete() {
      return List.copyOf(complete);
    }
  }
}
