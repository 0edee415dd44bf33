package dev.openmemory.backup.export;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.Warning;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was exported.
 *
 * @param user the {@code user_id} of the owner of the memories
 * @param memories how many by state: {@code active}, {@code archived}, {@code deleted}, {@code
 *     paused}; a state without memories is absent
 * @param categories of these memories, how many
 * @param apps that these memories came from, how many
 * @param bytes written
 * @param warnings what could not be taken along and why, or not in full
 */
public record ExportReport(
    BackupName name,
    ExportFormat format,
    String user,
    Map<String, Long> memories,
    long categories,
    long apps,
    long bytes,
    List<Warning> warnings,
    Duration elapsed) {

  /** Copies the collections. */
  public ExportReport {
    memories = Collections.unmodifiableMap(new TreeMap<>(memories));
    warnings = List.copyOf(warnings);
  }

  /** Whether everything that the backup has of this user was written. */
  public boolean ok() {
    return warnings.isEmpty();
  }
}
