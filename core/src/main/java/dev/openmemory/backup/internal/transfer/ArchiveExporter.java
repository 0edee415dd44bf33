package dev.openmemory.backup.internal.transfer;

import dev.openmemory.backup.BackupEvent;
import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.Manifest;
import dev.openmemory.backup.Manifest.Digest;
import dev.openmemory.backup.archive.ArchiveFormat;
import dev.openmemory.backup.archive.ArchiveReport;
import dev.openmemory.backup.internal.archive.TarFiles;
import dev.openmemory.backup.internal.catalog.BackupCatalog;
import dev.openmemory.backup.internal.catalog.CheckedInputStream;
import dev.openmemory.backup.internal.catalog.RunMarker;
import dev.openmemory.backup.internal.catalog.StoredBackup;
import dev.openmemory.backup.internal.compress.CompressingOutputStream;
import dev.openmemory.backup.internal.compress.ParallelGzipOutputStream;
import dev.openmemory.backup.internal.compress.Zstd;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.internal.file.NewFile;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.internal.stream.MeasuringOutputStream;
import dev.openmemory.backup.internal.stream.SizedInputStream;
import dev.openmemory.backup.spi.ObjectInfo;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Writes a backup as the guide's tar does: the folder {@code backups/NAME}, its manifest last. */
public record ArchiveExporter(Run.Settings settings) {
  private static final String OPERATION = "export";

  /** What is of the place and not of the backup. */
  private static final Set<String> STAYING =
      Set.of(RunMarker.FILE_NAME, BackupSummary.PIN_FILE_NAME);

  public ArchiveReport export(BackupName name, ArchiveFormat format, Path file) throws IOException {
    try (NewFile target = NewFile.begin(OPERATION, file)) {
      ArchiveReport report = export(name, format, target.stream(), file);
      target.publish();
      return report;
    }
  }

  public ArchiveReport export(BackupName name, ArchiveFormat format, OutputStream out)
      throws IOException {
    return export(name, format, out, Path.of(""));
  }

  private ArchiveReport export(BackupName name, ArchiveFormat format, OutputStream out, Path place)
      throws IOException {
    try (Run run = Run.reading(settings)) {
      BackupSummary backup = StoredBackup.asStored(run, name).requireUndamaged(OPERATION).summary();
      run.enter(Phase.EXPORT, name.value());
      MeasuringOutputStream measured = new MeasuringOutputStream(out, b -> run.checkCancelled());
      int files = new Export(run, backup).write(format, measured);
      measured.flush();
      return new ArchiveReport(name, format, files, measured.digest().size(), run.elapsed());
    } catch (IOException e) {
      throw FileFailure.of(OPERATION, place, e);
    }
  }

  private record Export(Run run, BackupSummary backup) {
    int write(ArchiveFormat format, OutputStream out) throws IOException {
      return switch (format) {
        case TAR -> write(out);
        case TAR_GZ -> compress(new ParallelGzipOutputStream(out, run.compression()));
        case TAR_ZST -> compress(Zstd.compress(out, Zstd.USUAL_LEVEL, 0));
      };
    }

    private int compress(CompressingOutputStream compressing) throws IOException {
      try (compressing) {
        int files = write(compressing);
        compressing.finish();
        return files;
      }
    }

    private int write(OutputStream out) throws IOException {
      TarFiles.Writer tar = new TarFiles.Writer(out);
      String folder = "backups/" + backup.name();
      tar.directory(folder, backup.created());
      List<ObjectInfo> objects = objects();
      for (ObjectInfo object : objects) {
        run.checkCancelled();
        add(tar, "backups/" + object.name(), object);
      }
      run.checkCancelled();
      tar.end();
      return objects.size();
    }

    /** In the order of their names, what makes the backup one at the end. */
    private List<ObjectInfo> objects() throws IOException {
      return new BackupCatalog(run.target())
          .folders(backup.name() + "/").getOrDefault(backup.name(), List.of()).stream()
              .filter(o -> !STAYING.contains(o.name().fileName()))
              .sorted(
                  Comparator.comparing(
                          (ObjectInfo o) -> o.name().fileName().equals(Manifest.FILE_NAME))
                      .thenComparing(ObjectInfo::name))
              .toList();
    }

    private void add(TarFiles.Writer tar, String name, ObjectInfo object) throws IOException {
      Instant time = backup.manifest().isPresent() ? backup.created() : object.modified();
      String file = object.name().fileName();
      run.tell(new BackupEvent.FileStarted(file, OptionalLong.of(object.size())));
      boolean complete = false;
      try (InputStream in = open(object)) {
        tar.file(name, object.size(), time, in);
        complete = true;
      } finally {
        run.tell(new BackupEvent.FileFinished(file, complete ? object.size() : 0, complete));
      }
    }

    private InputStream open(ObjectInfo object) throws IOException {
      String place = run.target().location() + "/" + object.name();
      InputStream stored = run.target().read(object.name(), 0);
      Optional<Digest> digest = stated(object.name().fileName());
      return digest.isPresent()
          ? new CheckedInputStream(stored, digest.get(), place)
          : new SizedInputStream(stored, object.size(), place);
    }

    private Optional<Digest> stated(String file) {
      return backup.manifest().stream()
          .flatMap(m -> m.files().stream())
          .filter(f -> f.name().equals(file))
          .map(Manifest.StoredFile::stored)
          .findFirst();
    }
  }
}
