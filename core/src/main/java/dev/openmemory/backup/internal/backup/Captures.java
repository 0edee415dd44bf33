package dev.openmemory.backup.internal.backup;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.internal.catalog.OpenParts.OpenPart;
import dev.openmemory.backup.internal.file.Boundary;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.spi.Capture;
import java.io.Closeable;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** All captures of one run, closed together; empty again after that. */
final class Captures implements Closeable {
  private final Map<OpenPart, Capture> byPart = new LinkedHashMap<>();

  void add(OpenPart part, Capture capture) {
    byPart.put(part, capture);
  }

  Map<OpenPart, Capture> all() {
    return byPart;
  }

  /** Copies what still depends on the live data, so that nothing does any more. */
  void spool(Run run) throws IOException {
    for (Map.Entry<OpenPart, Capture> entry : byPart.entrySet()) {
      if (!entry.getValue().detached()) {
        String component = entry.getKey().component();
        entry.setValue(SpooledCapture.of(run, component, entry.getValue()));
      }
    }
  }

  /** The bytes of all files that are not compressed, as far as they are known. */
  long storedAsTheyAre() {
    return byPart.values().stream()
        .flatMap(capture -> capture.files().stream())
        .filter(file -> !file.compress())
        .mapToLong(file -> file.content().sizeHint().orElse(0))
        .sum();
  }

  Map<String, Facts> facts() {
    Map<String, Facts> facts = new LinkedHashMap<>();
    byPart.forEach((part, capture) -> facts.put(part.component(), capture.facts()));
    return facts;
  }

  /** The first capture that is such a thing. */
  <T> Optional<T> find(Class<T> type) {
    return byPart.values().stream().filter(type::isInstance).map(type::cast).findFirst();
  }

  @Override
  public void close() throws BackupException {
    BackupException first = null;
    for (Map.Entry<OpenPart, Capture> part : byPart.entrySet()) {
      try {
        Boundary.step("end backup", part.getKey().component(), part.getValue()::close);
      } catch (BackupException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    byPart.clear();
    if (first != null) {
      throw first;
    }
  }
}
