package dev.openmemory.backup.internal.backup;

import dev.openmemory.backup.BackupEvent;
import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupReport;
import dev.openmemory.backup.BackupReport.Held;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Manifest;
import dev.openmemory.backup.Manifest.Captured;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.Manifest.StoredFile;
import dev.openmemory.backup.Quiesce;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.internal.catalog.BackupCatalog;
import dev.openmemory.backup.internal.catalog.Completeness;
import dev.openmemory.backup.internal.catalog.OpenParts.OpenPart;
import dev.openmemory.backup.internal.catalog.SmallContent;
import dev.openmemory.backup.internal.crosscheck.CrossChecker;
import dev.openmemory.backup.internal.crosscheck.KnowsPoints;
import dev.openmemory.backup.internal.crosscheck.PointIds;
import dev.openmemory.backup.internal.json.ManifestJson;
import dev.openmemory.backup.internal.pause.HeldWriters;
import dev.openmemory.backup.internal.publish.Destinations;
import dev.openmemory.backup.internal.publish.FilePublisher;
import dev.openmemory.backup.internal.run.InstallationId;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.internal.run.ToolIdentity;
import dev.openmemory.backup.internal.sqlite.DatabaseCapture;
import dev.openmemory.backup.spi.Capture;
import dev.openmemory.backup.spi.CapturedFile;
import dev.openmemory.backup.verify.CrossCheck;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One backup after its preflight: hold the writers, capture, store what depends on their being
 * held, let them go, store the rest, the manifest last.
 */
final class BackupAttempt {
  private static final Logger LOG = LoggerFactory.getLogger(BackupAttempt.class);

  /** The keep-alive time of Qdrant's connections; a longer pause closes them (measured on 1.18). */
  private static final Duration HARMLESS_PAUSE = Duration.ofSeconds(5);

  /** So many moments are not all in the middle of a transaction, however busy the writer is. */
  private static final int MOST_HOLDS = 20;

  private static final long MILLIS_BETWEEN_HOLDS = 50;

  private final Run run;
  private final BackupName name;
  private final Installation installation;
  private final BackupRequest request;
  private final List<OpenPart> parts;
  private final Destinations destinations;
  private final Map<OpenPart, List<StoredFile>> stored = new LinkedHashMap<>();
  private Map<String, Facts> told = Map.of();
  private Optional<Map<String, PointIds>> points = Optional.empty();
  private Optional<CrossCheck> crossCheck = Optional.empty();
  private boolean emptyAccepted;

  BackupAttempt(
      Run run,
      BackupName name,
      Installation installation,
      BackupRequest request,
      List<OpenPart> parts,
      Destinations destinations) {
    this.run = run;
    this.name = name;
    this.installation = installation;
    this.request = request;
    this.parts = parts;
    this.destinations = destinations;
  }

  BackupReport run() throws IOException {
    try (Captures captures = new Captures()) {
      try {
        Instant start = run.clock().instant();
        Optional<Held> held = captureHeld(captures);
        Instant end = run.clock().instant();
        requireComplete(captures);
        crossCheck = crossCheck(captures, held.isPresent());
        publish(captures, true);
        return finish(captures, new Captured(start, end), held);
      } catch (IOException | RuntimeException | Error e) {
        destinations.abandon(e);
        throw e;
      }
    }
  }

  private Optional<Held> captureHeld(Captures captures) throws IOException {
    Optional<Installation.Writers> writers = installation.writers();
    if (writers.isEmpty() || request.quiesce() == Quiesce.NONE) {
      capture(captures);
      storeWhatIsHeld(captures);
      return Optional.empty();
    }
    Optional<Held> held;
    try (HeldWriters holding =
        HeldWriters.running(
            installation.home(), writers.get(), run.writers().open(writers.get()), run.clock())) {
      holdAndCapture(holding, captures);
      storeWhatIsHeld(captures);
      points = holding.points();
      run.tell(new BackupEvent.PhaseStarted(Phase.RESUME, "writers"));
      holding.resume();
      held = holding.held();
    } finally {
      run.writersAreHeld(false);
    }
    held.ifPresent(this::warnOfLongPause);
    return held;
  }

  /** One that is paused in the middle of a transaction keeps its lock: then another moment. */
  private void holdAndCapture(HeldWriters holding, Captures captures) throws IOException {
    for (int attempt = 1; ; attempt++) {
      run.enter(Phase.HOLD, "writers");
      told = holding.hold(request.quiesce(), run.context().cancellation());
      run.writersAreHeld(true);
      try {
        capture(captures);
        return;
      } catch (BackupException e) {
        if (e.kind() != Kind.LOCKED || attempt == MOST_HOLDS || holding.writers().isEmpty()) {
          throw e;
        }
        LOG.debug("Held at a moment when the data is locked; trying another one", e);
        captures.close();
        run.writersAreHeld(false);
        holding.resume();
        letThemWork();
      }
    }
  }

  private void letThemWork() throws IOException {
    try {
      Thread.sleep(MILLIS_BETWEEN_HOLDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    run.checkCancelled();
  }

  private void warnOfLongPause(Held held) {
    if (held.how() == Quiesce.PAUSE && held.time().compareTo(HARMLESS_PAUSE) > 0) {
      run.warn(
          new Warning(
              "paused-long",
              String.join(", ", held.writers())
                  + " were paused for "
                  + held.time().toSeconds()
                  + " s; beyond "
                  + HARMLESS_PAUSE.toSeconds()
                  + " s clients may lose connections"));
    }
  }

  private void capture(Captures captures) throws IOException {
    for (OpenPart part : parts) {
      run.enter(Phase.CAPTURE, part.component());
      captures.add(part, part.source().capture(run.context()));
    }
  }

  /** Stores all that depends on the writers' being held. */
  private void storeWhatIsHeld(Captures captures) throws IOException {
    // What is stored as it is has a known size; how far the rest compresses, nobody knows.
    destinations.requireSpace(captures.storedAsTheyAre());
    destinations.claim(name);
    if (request.spool()) {
      captures.spool(run);
    }
    publish(captures, false);
  }

  private void requireComplete(Captures captures) throws BackupException {
    Map<String, Facts> facts = new LinkedHashMap<>();
    captures.all().forEach((part, capture) -> facts.put(part.component(), facts(part, capture)));
    facts.computeIfPresent("vectors", (name, known) -> from(placeOfVectors()).with(known));
    Completeness data = new Completeness(facts);
    String home = installation.home().toString();
    data.requireOwnDatabase("backup", home);
    data.requireQdrant(home);
    if (request.only().isEmpty() && !request.allowEmptyVectors()) {
      data.requireStore("backup", home);
      data.requireVectors("backup", home);
    }
    emptyAccepted = data.emptyVectors().isPresent();
  }

  private static Facts from(String place) {
    return new Facts(Map.of("from", place));
  }

  /** The source of the vectors knows the points better than those who were held. */
  private Optional<CrossCheck> crossCheck(Captures captures, boolean oneInstant)
      throws IOException {
    Optional<DatabaseCapture> database = captures.find(DatabaseCapture.class);
    if (database.isEmpty() || !captures.facts().containsKey("vectors")) {
      return Optional.empty();
    }
    Map<String, PointIds> known =
        captures
            .find(KnowsPoints.class)
            .flatMap(KnowsPoints::points)
            .or(() -> points)
            .orElse(Map.of());
    run.enter(Phase.CROSS_CHECK, "vectors");
    Optional<CrossCheck> result =
        CrossChecker.of(run, database.get().memories(), known, oneInstant);
    result.flatMap(CrossCheck::warning).ifPresent(run::warn);
    return result;
  }

  private String placeOfVectors() {
    return parts.stream()
        .filter(p -> p.component().equals("vectors"))
        .map(p -> p.part().options().getOrDefault("path", p.part().type()))
        .findFirst()
        .orElse("");
  }

  /** Stores the captures that are detached, or those that are not. */
  private void publish(Captures captures, boolean detached) throws IOException {
    FilePublisher publisher = new FilePublisher(run, destinations, name);
    for (Map.Entry<OpenPart, Capture> entry : captures.all().entrySet()) {
      if (entry.getValue().detached() == detached && !stored.containsKey(entry.getKey())) {
        run.enter(Phase.PUBLISH, entry.getKey().component());
        List<StoredFile> files = new ArrayList<>();
        for (CapturedFile file : entry.getValue().files()) {
          files.add(publisher.publish(file));
        }
        stored.put(entry.getKey(), files);
      }
    }
  }

  private BackupReport finish(Captures captures, Captured captured, Optional<Held> held)
      throws IOException {
    List<Component> components = components(captures);
    List<StoredFile> files =
        captures.all().keySet().stream().flatMap(part -> files(part).stream()).toList();
    String installationId = InstallationId.of(installation.home()).value();
    if (!request.allowShrunk()) {
      destinations
          .predecessor(
              installationId,
              components.stream().map(Component::component).collect(Collectors.toSet()))
          .flatMap(before -> ShrinkCheck.between(before, components, files))
          .ifPresent(run::warn);
    }
    Manifest withoutInfo =
        new Manifest(
            Manifest.CURRENT_FORMAT,
            name.value(),
            ToolIdentity.NAME_AND_VERSION,
            installationId,
            captured,
            held.map(Held::how).orElse(Quiesce.NONE).text(),
            components,
            files,
            run.warnings(),
            request.tags(),
            Map.of());
    Manifest manifest = publishInfo(withoutInfo);
    run.checkCancelled();
    byte[] text = ManifestJson.write(manifest);
    requireReadable(text);
    destinations.finish(name, new SmallContent(text));
    return new BackupReport(
        manifest,
        destinations.locations().stream().map(location -> location + "/" + name).toList(),
        destinations.missed(),
        run.elapsed(),
        held);
  }

  private void requireReadable(byte[] manifest) throws BackupException {
    if (manifest.length > BackupCatalog.MAX_MANIFEST_BYTES) {
      throw new BackupException(
          Kind.UNSUPPORTED,
          "write manifest",
          name.value(),
          "it has "
              + manifest.length
              + " bytes, more than the "
              + BackupCatalog.MAX_MANIFEST_BYTES
              + " that can be read");
    }
  }

  private List<StoredFile> files(OpenPart part) {
    return stored.getOrDefault(part, List.of());
  }

  private List<Component> components(Captures captures) {
    List<Component> components = new ArrayList<>();
    captures
        .all()
        .forEach(
            (part, capture) ->
                components.add(
                    new Component(
                        part.component(),
                        part.part().type(),
                        files(part).stream().map(StoredFile::plainName).toList(),
                        facts(part, capture),
                        Map.of())));
    return components;
  }

  /** What the capture knows, and what the running application told of the same instant. */
  private Facts facts(OpenPart part, Capture capture) {
    Map<String, Object> all = new LinkedHashMap<>(capture.facts().values());
    told.getOrDefault(part.component(), Facts.NONE).values().forEach(all::putIfAbsent);
    if (part.component().equals("vectors")) {
      crossCheck.ifPresent(result -> all.put(CrossCheck.FACT, result.toFacts()));
      if (emptyAccepted) {
        all.put(Completeness.EMPTY_ACCEPTED, true);
      }
    }
    return new Facts(all);
  }

  /** The text for people describes the manifest, and the manifest lists the text. */
  private Manifest publishInfo(Manifest manifest) throws IOException {
    SmallContent text =
        new SmallContent(InfoText.render(manifest).getBytes(StandardCharsets.UTF_8));
    List<StoredFile> files = new ArrayList<>(manifest.files());
    files.add(
        new FilePublisher(run, destinations, name)
            .publish(new CapturedFile(InfoText.FILE_NAME, "text/plain", false, text)));
    return new Manifest(
        manifest.formatVersion(),
        manifest.name(),
        manifest.tool(),
        manifest.installationId(),
        manifest.captured(),
        manifest.quiesce(),
        manifest.components(),
        files,
        manifest.warnings(),
        manifest.tags(),
        manifest.other());
  }
}
