package dev.openmemory.backup.internal.transfer;

import dev.openmemory.backup.BackupEvent;
import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.archive.ImportReport;
import dev.openmemory.backup.archive.ImportReport.Imported;
import dev.openmemory.backup.archive.ImportRequest;
import dev.openmemory.backup.internal.archive.ExtractionLimit;
import dev.openmemory.backup.internal.archive.TarFiles;
import dev.openmemory.backup.internal.catalog.BackupCatalog;
import dev.openmemory.backup.internal.catalog.BackupRemover;
import dev.openmemory.backup.internal.compress.Zstd;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.internal.file.Undo;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.internal.stream.Codec;
import dev.openmemory.backup.spi.ReportsPresence;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.io.input.CloseShieldInputStream;

/**
 * Takes in the backups of one archive. None becomes visible before all were checked; a target that
 * fails after that keeps the ones that are visible already.
 */
public record ArchiveImporter(Run.Settings settings, ImportRequest request) {
  static final String OPERATION = "import";

  /** Interleaved backups are held open together, and warnings in memory. */
  private static final int MAX_BACKUPS = 10_000;

  private static final int MAX_WARNINGS = 100;
  private static final byte[] GZIP = {0x1f, (byte) 0x8b};

  public ImportReport read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return read(in, file.toString());
    } catch (IOException e) {
      throw FileFailure.of(OPERATION, file, e);
    }
  }

  /**
   * See {@link dev.openmemory.backup.Backups#importArchive(InputStream, ImportRequest)}.
   *
   * @param archive its name, for messages
   */
  public ImportReport read(InputStream in, String archive) throws IOException {
    try (Run run = Run.writing(settings)) {
      for (String done : new BackupRemover(run.target(), run.clock()).sweep()) {
        run.tell(new BackupEvent.LeftoverHandled(done));
      }
      return new Reading(run, archive).read(in);
    } catch (IOException e) {
      throw FileFailure.of(OPERATION, Path.of(archive), e);
    }
  }

  private final class Reading implements TarFiles.Taker {
    private final Run run;
    private final String archive;
    private final Map<BackupName, IncomingBackup> incoming = new LinkedHashMap<>();
    private long heldBytes;

    Reading(Run run, String archive) {
      this.run = run;
      this.archive = archive;
    }

    ImportReport read(InputStream in) throws IOException {
      try {
        run.enter(Phase.COPY, archive);
        // What undoes a compression may hold memory until it is closed.
        try (InputStream plain = plain(CloseShieldInputStream.wrap(in))) {
          TarFiles.read(
              plain, archive, ExtractionLimit.unstated(), run.context().cancellation(), this);
        }
        return finish();
      } catch (IOException | RuntimeException | Error e) {
        for (IncomingBackup backup : incoming.values()) {
          Undo.after(e, backup::abandon);
        }
        throw e;
      }
    }

    private InputStream plain(InputStream in) throws IOException {
      BufferedInputStream buffered = new BufferedInputStream(in, 64 << 10);
      buffered.mark(Zstd.MAGIC_BYTES);
      byte[] magic = buffered.readNBytes(Zstd.MAGIC_BYTES);
      buffered.reset();
      if (Zstd.starts(magic)) {
        return Zstd.decompress(buffered, archive);
      }
      boolean gzip = Arrays.equals(Arrays.copyOf(magic, GZIP.length), GZIP);
      return Codec.decode(buffered, gzip ? List.of(Codec.GZIP) : List.of(), archive);
    }

    @Override
    public void file(String name, long size, Instant modified, InputStream content)
        throws IOException {
      run.checkCancelled();
      String below = name.startsWith("backups/") ? name.substring("backups/".length()) : name;
      int slash = below.indexOf('/');
      String folder = slash < 0 ? "" : below.substring(0, slash);
      String file = below.substring(slash + 1);
      if (slash < 0 || file.indexOf('/') >= 0 || file.startsWith(".")) {
        leaveOut(name, content);
        return;
      }
      if (!ObjectName.isValid(below)) {
        throw corrupt("'" + name + "' is not the name of a file of a backup");
      }
      BackupName backup = new BackupName(folder);
      if (!request.names().isEmpty() && !request.names().contains(backup)) {
        content.transferTo(OutputStream.nullOutputStream());
        return;
      }
      take(backup, file, size, modified, content);
    }

    private void take(
        BackupName name, String file, long size, Instant modified, InputStream content)
        throws IOException {
      IncomingBackup backup = incoming.get(name);
      if (backup == null) {
        if (request.as().isPresent() && !incoming.isEmpty()) {
          throw Kind.INVALID.failure(OPERATION, archive, "several backups cannot have one name");
        }
        if (incoming.size() == MAX_BACKUPS) {
          throw corrupt("more than " + MAX_BACKUPS + " backups");
        }
        backup = new IncomingBackup(run, archive, request.as().orElse(name));
        incoming.put(name, backup);
      }
      heldBytes += backup.take(file, size, modified, content);
      if (heldBytes > BackupCatalog.MAX_MANIFEST_BYTES) {
        throw corrupt(
            "its manifests are larger than " + BackupCatalog.MAX_MANIFEST_BYTES + " bytes");
      }
    }

    private void leaveOut(String name, InputStream content) throws IOException {
      content.transferTo(OutputStream.nullOutputStream());
      boolean mark = name.endsWith("/" + ReportsPresence.MARK);
      if (!mark && run.warnings().size() < MAX_WARNINGS) {
        run.warn(new Warning("foreign-file", name + " is no file of a backup and was left out"));
      }
    }

    private ImportReport finish() throws IOException {
      for (BackupName wanted : request.names()) {
        if (!incoming.containsKey(wanted)) {
          throw Kind.NOT_FOUND.failure(OPERATION, archive, "has no backup " + wanted);
        }
      }
      List<IncomingBackup> whole = new ArrayList<>();
      for (IncomingBackup backup : incoming.values()) {
        if (backup.check()) {
          whole.add(backup);
        }
      }
      if (whole.isEmpty()) {
        throw Kind.NOT_FOUND.failure(OPERATION, archive, "has no backup");
      }
      List<Imported> imported = new ArrayList<>();
      run.checkCancelled();
      for (IncomingBackup backup : whole) {
        imported.add(backup.publish());
      }
      return new ImportReport(imported, run.warnings(), run.elapsed());
    }

    private BackupException corrupt(String fact) {
      return Kind.CORRUPT.failure(OPERATION, archive, fact);
    }
  }
}
