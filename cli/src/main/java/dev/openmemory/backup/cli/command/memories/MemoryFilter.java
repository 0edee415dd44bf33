package dev.openmemory.backup.cli.command.memories;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.cli.settings.PointInTime;
import dev.openmemory.backup.memories.MemoryQuery;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that choose among memories; one that is not given lets all pass. */
final class MemoryFilter {
  /** The states that OpenMemory has. */
  enum State {
    ACTIVE,
    PAUSED,
    ARCHIVED,
    DELETED
  }

  @Option(
      names = "--search",
      paramLabel = "TEXT",
      description =
          "Only memories with all of these words: beginnings of words, in any case, with or without"
              + " accents. Text in double quotes is found as it is.")
  @Nullable String search;

  @Option(names = "--user", paramLabel = "ID", description = "Only memories of this user.")
  @Nullable String user;

  @Option(names = "--app", paramLabel = "NAME", description = "Only memories that this app wrote.")
  @Nullable String app;

  @Option(
      names = "--state",
      paramLabel = "STATE",
      description = "Only memories in this state: active, paused, archived or deleted.")
  @Nullable State state;

  @Option(
      names = "--since",
      paramLabel = "WHEN",
      description =
          "Only memories created, changed, archived or deleted at this time or later: a date such as"
              + " 2026-01-31, or an age such as 30d.")
  @Nullable String since;

  /**
   * What is wanted now.
   *
   * @throws BackupException of kind {@code INVALID} when the time is neither a date nor an age
   */
  MemoryQuery at(Clock clock) throws BackupException {
    MemoryQuery query = MemoryQuery.ALL;
    query = search == null ? query : query.withSearch(search);
    query = user == null ? query : query.withUser(user);
    query = app == null ? query : query.withApp(app);
    query = state == null ? query : query.withState(state.name());
    return since == null ? query : query.withSince(PointInTime.parse("--since", since, clock));
  }
}
