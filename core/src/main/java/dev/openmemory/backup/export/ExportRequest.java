package dev.openmemory.backup.export;

import java.util.Objects;
import java.util.Optional;

/**
 * What is to be taken out of a backup.
 *
 * @param user the {@code user_id} as OpenMemory knows it, a text such as {@code alice}; empty for
 *     the only user who has memories
 */
public record ExportRequest(ExportFormat format, Optional<String> user) {

  /** The memories of the only user. */
  public static ExportRequest of(ExportFormat format) {
    return new ExportRequest(format, Optional.empty());
  }

  /** The same for that user. */
  public ExportRequest withUser(String id) {
    return new ExportRequest(format, Optional.of(Objects.requireNonNull(id)));
  }
}
