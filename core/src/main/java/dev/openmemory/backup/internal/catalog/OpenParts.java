package dev.openmemory.backup.internal.catalog;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.spi.BackupSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The parts of an installation with their sources opened. */
public record OpenParts(List<OpenPart> parts) {
  /** A part, the component that it is of, and its source. */
  public record OpenPart(Installation.Part part, String component, BackupSource source) {}

  public static OpenParts open(Run run, Installation installation) throws BackupException {
    List<OpenPart> parts = new ArrayList<>();
    for (Installation.Part part : installation.parts()) {
      parts.add(new OpenPart(part, run.sources().component(part), run.sources().open(part)));
    }
    return new OpenParts(parts);
  }

  public Optional<OpenPart> find(String component) {
    return parts.stream().filter(p -> p.component().equals(component)).findFirst();
  }

  /**
   * The parts of those components, or all when the set is empty.
   *
   * @throws BackupException of kind {@code INVALID} when a component is unknown here
   */
  public List<OpenPart> select(Set<String> only) throws BackupException {
    Set<String> unknown = new TreeSet<>(only);
    parts.forEach(p -> unknown.remove(p.component()));
    if (!unknown.isEmpty()) {
      List<String> known = parts.stream().map(OpenPart::component).toList();
      throw Kind.INVALID.failure(
          "choose components", "", "nothing is known about " + unknown + "; there is " + known);
    }
    return parts.stream().filter(p -> only.isEmpty() || only.contains(p.component())).toList();
  }
}
