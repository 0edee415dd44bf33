package dev.openmemory.backup.internal.backup;

import dev.openmemory.backup.Facts;
import dev.openmemory.backup.internal.catalog.OpenParts.OpenPart;
import dev.openmemory.backup.internal.file.Boundary;
import dev.openmemory.backup.internal.file.CloseAll;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.spi.Capture;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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

  /** Copies what still depends on the live data, as far as the temporary folder takes it. */
  void spool(Run run) throws IOException {
    for (Map.Entry<OpenPart, Capture> entry : byPart.entrySet()) {
      Capture live = entry.getValue();
      if (!live.detached()) {
        OpenPart part = entry.getKey();
        Optional<Capture> copy = SpooledCapture.of(run, part.component(), live);
        if (copy.isPresent()) {
          entry.setValue(copy.get());
        } else {
          // Its contents may be written once only, so another one is taken of the same instant.
          live.close();
          entry.setValue(part.source().capture(run.context()));
        }
      }
    }
  }

  /** Checks what was copied while the writers were held. */
  void check() throws IOException {
    for (Capture capture : byPart.values()) {
      capture.check();
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
  public void close() throws IOException {
    List<Closeable> all = new ArrayList<>();
    byPart.forEach(
        (part, capture) ->
            all.add(() -> Boundary.step("end backup", part.component(), capture::close)));
    byPart.clear();
    CloseAll.of(all);
  }
}
