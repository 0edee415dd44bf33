package dev.openmemory.backup.source.sqlite;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.internal.sqlite.StagedDatabase;
import dev.openmemory.backup.spi.BackupFiles;
import dev.openmemory.backup.spi.BackupSource;
import dev.openmemory.backup.spi.BackupSourceProvider;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.spi.RunContext;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/**
 * Backs up any SQLite database file, also while other processes write to it.
 *
 * <p>Options: {@code path}, the database file (required); {@code busy-timeout}, how long a capture
 * waits for a lock that another process holds, as an ISO-8601 duration (default {@code PT30S}).
 *
 * <p>Facts: {@code journalMode} ({@code wal} or {@code delete}), {@code pageSize} in bytes, {@code
 * pageCount}, {@code tables} (rows by table), {@code integrityCheck}; of an OpenMemory database
 * also {@code memories} (rows by state), {@code users} (their ids), {@code alembicRevision}, and
 * {@code settings}, what those of the web interface say of providers and variables.
 *
 * <p>Thread-safe.
 */
public final class SqliteSourceProvider implements BackupSourceProvider {
  private static final Duration BUSY_TIMEOUT = Duration.ofSeconds(30);

  @Override
  public String type() {
    return "sqlite";
  }

  @Override
  public String component() {
    return SqliteSource.COMPONENT;
  }

  @Override
  public BackupSource open(ProviderOptions options) throws BackupException {
    options.allow(Set.of("path", "busy-timeout"));
    Path path = options.path("path").toAbsolutePath();
    Duration busyTimeout = options.duration("busy-timeout", BUSY_TIMEOUT);
    if (busyTimeout.isNegative()) {
      throw Kind.INVALID.failure("options of " + options.owner(), "", "'busy-timeout' is negative");
    }
    return new SqliteSource(path, busyTimeout);
  }

  @Override
  public Facts inspect(BackupFiles files, RunContext context) throws IOException {
    return StagedDatabase.inspect(files, context);
  }
}
