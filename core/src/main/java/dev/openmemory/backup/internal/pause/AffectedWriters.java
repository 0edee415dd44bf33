package dev.openmemory.backup.internal.pause;

import dev.openmemory.backup.spi.Writer;
import dev.openmemory.backup.spi.WriterControl;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * The writers that use some data of an installation.
 *
 * @param components of that data; empty for all
 */
public record AffectedWriters(WriterControl control, Set<String> components) {
  public AffectedWriters(WriterControl control, Collection<String> components) {
    this(control, Set.copyOf(components));
  }

  /** The writers of all data. */
  public static AffectedWriters all(WriterControl control) {
    return new AffectedWriters(control, Set.of());
  }

  /** The writers that run now; see {@link WriterControl#running}. */
  public List<Writer> running() throws IOException {
    return control.running().stream().filter(this::isAffected).toList();
  }

  private boolean isAffected(Writer writer) {
    return components.isEmpty() || components.stream().anyMatch(c -> control.uses(writer, c));
  }
}
