package dev.openmemory.backup.cli.settings;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupSummary;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that choose among backups; one that is not given lets all pass. */
public final class ListFilter {
  @Option(
      names = "--state",
      paramLabel = "STATE",
      description = "Only backups in this state: complete, unverified or damaged.")
  BackupSummary.@Nullable State state;

  @Option(
      names = "--since",
      paramLabel = "WHEN",
      description =
          "Only backups made at this time or later: a date such as 2026-01-31, or an"
              + " age such as 30d.")
  @Nullable String since;

  @Option(
      names = "--before",
      paramLabel = "WHEN",
      description = "Only backups made before this time: a date or an age.")
  @Nullable String before;

  @Option(
      names = "--name",
      paramLabel = "GLOB",
      description = "Only backups with a name that matches this pattern (* and ? are wildcards).")
  @Nullable String name;

  @Option(
      names = "--installation",
      paramLabel = "ID",
      description = "Only backups of this installation (--long shows its id).")
  @Nullable String installation;

  /** The choice, with times fixed. */
  public record Chosen(
      Optional<BackupSummary.State> state,
      Instant since,
      Instant before,
      Optional<Pattern> name,
      Optional<String> installation)
      implements Predicate<BackupSummary> {
    @Override
    public boolean test(BackupSummary backup) {
      return state.map(backup.state()::equals).orElse(true)
          && !backup.created().isBefore(since)
          && backup.created().isBefore(before)
          && name.map(form -> form.matcher(backup.name().value()).matches()).orElse(true)
          && installation.map(id -> isOf(backup, id)).orElse(true);
    }

    private static boolean isOf(BackupSummary backup, String id) {
      return backup.manifest().filter(m -> m.installationId().equals(id)).isPresent();
    }
  }

  /**
   * What is chosen now.
   *
   * @throws BackupException of kind {@code INVALID} when a time is neither a date nor an age
   */
  public Chosen at(Clock clock) throws BackupException {
    return new Chosen(
        Optional.ofNullable(state),
        since == null ? Instant.MIN : PointInTime.parse("--since", since, clock),
        before == null ? Instant.MAX : PointInTime.parse("--before", before, clock),
        Optional.ofNullable(name).map(ListFilter::pattern),
        Optional.ofNullable(installation));
  }

  private static Pattern pattern(String glob) {
    StringBuilder form = new StringBuilder();
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      form.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
    }
    return Pattern.compile(form.toString(), Pattern.DOTALL);
  }
}
