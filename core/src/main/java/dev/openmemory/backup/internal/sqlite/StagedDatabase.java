package dev.openmemory.backup.internal.sqlite;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.internal.swap.Destination;
import dev.openmemory.backup.spi.BackupFiles;
import dev.openmemory.backup.spi.RunContext;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.sqlite.SQLiteConnection;

/** A private copy of a database in the scratch directory, removed by closing. */
public record StagedDatabase(Path folder, Path file) implements Closeable {
  /** The name of the database in a backup. */
  public static final String NAME = "openmemory.db";

  /** Of the database and of the files beside it that SQLite would apply to it. */
  public static final List<String> SUFFIXES = List.of("", "-wal", "-shm", "-journal");

  private static final List<String> APPLIED = List.of("-wal", "-journal");

  /** An empty folder for one. */
  public static StagedDatabase inScratch(RunContext context) throws IOException {
    try {
      Path folder = Files.createTempDirectory(context.scratch(), "sqlite-");
      return new StagedDatabase(folder, folder.resolve(StagedDatabase.NAME));
    } catch (IOException e) {
      throw FileFailure.of("create scratch folder", context.scratch(), e);
    }
  }

  /** The plain name of the one file of this component in a stored backup. */
  public static String onlyName(BackupFiles files) throws BackupException {
    List<String> names = files.names();
    if (names.size() != 1) {
      throw Kind.CORRUPT.failure("read database", "", "expected one file but found " + names);
    }
    return names.get(0);
  }

  /** The facts of a database in a stored backup, which is fetched and checked for it. */
  public static Facts inspect(BackupFiles files, RunContext context) throws IOException {
    try (StagedDatabase staged = inScratch(context)) {
      staged.fetch(files, context);
      return DatabaseCheck.run(staged.file(), NAME, context.cancellation());
    }
  }

  /** Fills it from a stored backup. */
  public void fetch(BackupFiles files, RunContext context) throws IOException {
    try (InputStream in = files.open(onlyName(files))) {
      Destination.copy(in, file, context.cancellation());
    }
  }

  /**
   * Checks a database that is not in use; it is not changed. One with files beside it that SQLite
   * would apply is checked in a copy, to which they are applied.
   *
   * @throws BackupException of kind {@code CORRUPT}
   */
  public static void requireSound(Path database, RunContext context) throws IOException {
    boolean alone = true;
    for (String suffix : APPLIED) {
      Path beside = database.resolveSibling(database.getFileName() + suffix);
      alone &= !Files.exists(beside) || Files.size(beside) == 0;
    }
    if (alone) {
      DatabaseCheck.run(database, database.toString(), context.cancellation());
      return;
    }
    try (StagedDatabase copy = inScratch(context)) {
      for (String suffix : SUFFIXES) {
        Path from = database.resolveSibling(database.getFileName() + suffix);
        if (Files.exists(from) && !suffix.equals("-shm")) {
          try (InputStream in = Files.newInputStream(from)) {
            Destination.copy(in, copy.folder.resolve(NAME + suffix), context.cancellation());
          }
        }
      }
      copy.recover(database.toString());
      DatabaseCheck.run(copy.file, database.toString(), context.cancellation());
    }
  }

  /**
   * Lets SQLite finish what the files beside the copied database hold: a transaction that was not
   * committed is rolled back, a write-ahead log is folded in.
   *
   * @param location of the original, for messages
   */
  public void recover(String location) throws IOException {
    try (SQLiteConnection connection = Connections.readWrite(file);
        Statement statement = connection.createStatement()) {
      statement.executeQuery("SELECT count(*) FROM sqlite_schema").close();
      statement.executeQuery("PRAGMA wal_checkpoint(TRUNCATE)").close();
    } catch (SQLException e) {
      throw SqliteFailure.of("recover database", location, e);
    }
    for (String suffix : SUFFIXES.subList(1, SUFFIXES.size())) {
      Files.deleteIfExists(folder.resolve(NAME + suffix));
    }
  }

  @Override
  public void close() throws IOException {
    try {
      // SQLite may have left a journal of an unfinished copy beside it.
      for (String suffix : StagedDatabase.SUFFIXES) {
        Files.deleteIfExists(folder.resolve(StagedDatabase.NAME + suffix));
      }
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      throw FileFailure.of("remove scratch copy", folder, e);
    }
  }
}
