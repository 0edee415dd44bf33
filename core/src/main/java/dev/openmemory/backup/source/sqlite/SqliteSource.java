package dev.openmemory.backup.source.sqlite;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.internal.file.Undo;
import dev.openmemory.backup.internal.sqlite.Connections;
import dev.openmemory.backup.internal.sqlite.DatabaseCapture;
import dev.openmemory.backup.internal.sqlite.DatabaseCheck;
import dev.openmemory.backup.internal.sqlite.SqliteFailure;
import dev.openmemory.backup.internal.sqlite.StagedDatabase;
import dev.openmemory.backup.internal.swap.Destination;
import dev.openmemory.backup.internal.swap.SingleFileSource;
import dev.openmemory.backup.internal.swap.Swap;
import dev.openmemory.backup.spi.BackupFiles;
import dev.openmemory.backup.spi.Capture;
import dev.openmemory.backup.spi.Restoration;
import dev.openmemory.backup.spi.RunContext;
import dev.openmemory.backup.spi.optional.ReplacesFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.sqlite.SQLiteConnection;

/** One database file. Its bytes are never read except through SQLite while it may be in use. */
record SqliteSource(Path path, Duration busyTimeout) implements SingleFileSource, ReplacesFiles {
  static final String COMPONENT = Component.DATABASE;
  private static final Duration LOCK_WAIT_IN_PAUSE = Duration.ofMillis(100);

  @Override
  public void preflight(RunContext context) throws IOException {
    context.cancellation().check();
    Path real = requireDatabaseFile();
    try {
      long needed = 0;
      for (String suffix : List.of("", "-wal")) {
        Path file = real.resolveSibling(real.getFileName() + suffix);
        needed += Files.exists(file) ? Files.size(file) : 0;
      }
      long free = Files.getFileStore(context.scratch()).getUsableSpace();
      if (free < needed) {
        throw Kind.NO_SPACE.failure(
            "copy database",
            context.scratch().toString(),
            "needs " + needed + " bytes and has " + free);
      }
    } catch (IOException e) {
      throw FileFailure.of("check scratch space", context.scratch(), e);
    }
  }

  /**
   * The file without symbolic links: SQLite keeps its log and its journal beside that one.
   *
   * <p>Does not open the file itself: closing a descriptor drops all POSIX locks that this process
   * has on the file, also those of an application that embeds us
   * (https://sqlite.org/howtocorrupt.html, 2.2).
   */
  private Path requireDatabaseFile() throws IOException {
    Path real;
    BasicFileAttributes attributes;
    try {
      real = path.toRealPath();
      attributes = Files.readAttributes(real, BasicFileAttributes.class);
    } catch (IOException e) {
      throw FileFailure.of("find database", path, e);
    }
    if (!attributes.isRegularFile()) {
      throw Kind.INVALID.failure("find database", path.toString(), "is not a regular file");
    }
    if (!Files.isReadable(path)) {
      throw Kind.DENIED.failure("read database", path.toString(), "is not readable");
    }
    if (attributes.size() == 0) {
      throw DatabaseCheck.corrupt("file header", path.toString(), "the file is empty");
    }
    // Immutable, so that nothing is created or waited for; the header alone is read.
    try (SQLiteConnection connection = Connections.immutable(real);
        Statement statement = connection.createStatement()) {
      statement.executeQuery("PRAGMA schema_version").close();
    } catch (SQLException e) {
      // Any other failure may come from reading beside a writer; the capture itself decides.
      if (SqliteFailure.isNoDatabase(e)) {
        throw SqliteFailure.of("file header", path.toString(), e);
      }
    }
    return real;
  }

  @Override
  public long plainBytes() throws IOException {
    try {
      return Files.size(path);
    } catch (IOException e) {
      throw FileFailure.of("find database", path, e);
    }
  }

  @Override
  public Capture capture(RunContext context) throws IOException {
    Path real = requireDatabaseFile();
    return Undo.closingOnFailure(
        StagedDatabase.inScratch(context),
        copy -> {
          try {
            new OnlineCopy(real, lockWait(context), context.cancellation()).to(copy);
            return DatabaseCapture.of(copy, path.toString(), context);
          } catch (IOException e) {
            throw FileFailure.of("copy database", path, e);
          }
        });
  }

  /** A writer that is held in the middle of a transaction keeps its lock; waiting is no use. */
  private Duration lockWait(RunContext context) {
    return context.writersHeld() && busyTimeout.compareTo(LOCK_WAIT_IN_PAUSE) > 0
        ? LOCK_WAIT_IN_PAUSE
        : busyTimeout;
  }

  @Override
  public Restoration prepare(String restoreId, BackupFiles files, RunContext context)
      throws IOException {
    Destination destination = Destination.of(path);
    String backupFile = StagedDatabase.onlyName(files);
    return Undo.closingOnFailure(
        Swap.ofEntries(destination.directory(), restoreId, COMPONENT, names(destination)),
        swap -> {
          Path staged = swap.staging().resolve(destination.name());
          try (InputStream in = files.open(backupFile)) {
            Destination.copy(in, staged, context.cancellation());
          }
          DatabaseCheck.run(staged, backupFile, context.cancellation());
          destination.adopt(staged, context.warnings());
          return new SqliteRestoration(swap, destination.file(), context.cancellation());
        });
  }

  @Override
  public String component() {
    return COMPONENT;
  }

  @Override
  public List<String> names(Destination destination) {
    return StagedDatabase.SUFFIXES.stream().map(suffix -> destination.name() + suffix).toList();
  }

  @Override
  public List<Path> replaced() throws IOException {
    return SqliteRestoration.files(Destination.of(path).file());
  }

  @Override
  public Restoration prepareKept(String restoreId, String keptBy, Facts stated, RunContext context)
      throws IOException {
    Destination destination = Destination.of(path);
    Path kept = folders().of(keptBy, COMPONENT);
    StagedDatabase.requireSound(kept.resolve(destination.name()), context);
    Swap swap =
        Swap.ofKept(destination.directory(), restoreId, COMPONENT, names(destination), keptBy);
    return new SqliteRestoration(swap, destination.file(), context.cancellation());
  }
}
