package dev.openmemory.backup.internal.backup;

import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupReport;
import dev.openmemory.backup.BackupReport.Held;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Manifest;
import dev.openmemory.backup.Manifest.Captured;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.Manifest.Encryption;
import dev.openmemory.backup.Manifest.StoredFile;
import dev.openmemory.backup.Quiesce;
import dev.openmemory.backup.internal.catalog.Completeness;
import dev.openmemory.backup.internal.catalog.OpenParts.OpenPart;
import dev.openmemory.backup.internal.crosscheck.AskedPoints;
import dev.openmemory.backup.internal.crosscheck.CrossChecker;
import dev.openmemory.backup.internal.lock.HomeLock;
import dev.openmemory.backup.internal.publish.Destinations;
import dev.openmemory.backup.internal.publish.FilePublisher;
import dev.openmemory.backup.internal.run.InstallationId;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.internal.run.ToolIdentity;
import dev.openmemory.backup.internal.sqlite.Memories;
import dev.openmemory.backup.spi.Capture;
import dev.openmemory.backup.spi.optional.ExposesDatabase;
import dev.openmemory.backup.verify.CrossCheck;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One backup after its preflight: claim the name, capture while the writers are held, check, store
 * the rest, the manifest last.
 */
final class BackupAttempt {
  private final Run run;
  private final BackupName name;
  private final Installation installation;
  private final BackupRequest request;
  private final List<OpenPart> parts;
  private final Destinations destinations;
  private final Captures captures = new Captures();
  private final FilePublisher publisher;
  private final PublishedParts published;
  private Map<String, Facts> observedFacts = Map.of();
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
    this.publisher = new FilePublisher(run, destinations, name);
    this.published = new PublishedParts(run, publisher);
  }

  BackupReport run() throws IOException {
    return Closing.of(run, captures, this::make);
  }

  private BackupReport make() throws IOException {
    try {
      requireSpace();
      destinations.claim(name);
      Instant start = run.clock().instant();
      HeldCapture.Taken taken =
          new HeldCapture(run, installation, request, parts, captures, published).take();
      Captured captured = new Captured(start, run.clock().instant());
      observedFacts = taken.observedFacts();
      captures.check();
      requireComplete();
      crossCheck = crossCheck(taken);
      destinations.requireSpace(captures.storedAsTheyAre());
      published.publish(captures, true);
      return finish(captured, taken.held());
    } catch (IOException | RuntimeException | Error e) {
      destinations.abandon(e);
      throw e;
    }
  }

  /** What is stored as it is has a known size; how far the rest compresses is not known. */
  private void requireSpace() throws IOException {
    long bytes = 0;
    for (OpenPart part : parts) {
      bytes += part.source().plainBytes();
    }
    destinations.requireSpace(bytes);
  }

  private void requireComplete() throws BackupException {
    Map<String, Facts> facts = new LinkedHashMap<>();
    captures.all().forEach((part, capture) -> facts.put(part.component(), facts(part, capture)));
    facts.computeIfPresent(Component.VECTORS, (name, known) -> from(placeOfVectors()).with(known));
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

  /** The source of the vectors knows the points better than the paused writers. */
  private Optional<CrossCheck> crossCheck(HeldCapture.Taken taken) throws IOException {
    Optional<ExposesDatabase> database = captures.find(ExposesDatabase.class);
    if (database.isEmpty() || !captures.facts().containsKey(Component.VECTORS)) {
      return Optional.empty();
    }
    run.enter(Phase.CROSS_CHECK, Component.VECTORS);
    if (taken.points().isEmpty()) {
      return Optional.empty();
    }
    try (AskedPoints asked = taken.points().get()) {
      Optional<CrossCheck> result =
          CrossChecker.of(run, Memories.of(database.get()), asked, taken.oneInstant());
      result.flatMap(CrossCheck::warning).ifPresent(run::warn);
      return result;
    }
  }

  private String placeOfVectors() {
    return parts.stream()
        .filter(p -> p.component().equals(Component.VECTORS))
        .map(p -> p.part().options().getOrDefault("path", p.part().type()))
        .findFirst()
        .orElse("");
  }

  private BackupReport finish(Captured captured, Optional<Held> held) throws IOException {
    List<Component> components = components();
    List<StoredFile> files =
        captures.all().keySet().stream().flatMap(part -> published.of(part).stream()).toList();
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
            run.keys().encryptor().map(to -> new Encryption(to.scheme(), to.recipients())),
            Map.of());
    Manifest manifest =
        new FinalFiles(run, destinations, publisher)
            .publish(withoutInfo, () -> HomeLock.requireHeld(installation.home()));
    return new BackupReport(
        manifest,
        destinations.locations().stream().map(location -> location + "/" + name).toList(),
        destinations.missed(),
        run.elapsed(),
        held,
        List.of());
  }

  private List<Component> components() {
    List<Component> components = new ArrayList<>();
    captures
        .all()
        .forEach(
            (part, capture) ->
                components.add(
                    new Component(
                        part.component(),
                        part.part().type(),
                        published.of(part).stream().map(StoredFile::plainName).toList(),
                        facts(part, capture),
                        Map.of())));
    return components;
  }

  /** What the capture knows, and what the running application reported for the same instant. */
  private Facts facts(OpenPart part, Capture capture) {
    Map<String, Object> all = new LinkedHashMap<>(capture.facts().values());
    observedFacts.getOrDefault(part.component(), Facts.NONE).values().forEach(all::putIfAbsent);
    if (part.component().equals(Component.VECTORS)) {
      crossCheck.ifPresent(result -> all.put(CrossCheck.FACT, result.toFacts()));
      if (emptyAccepted) {
        all.put(Completeness.EMPTY_ACCEPTED, true);
      }
    }
    return new Facts(all);
  }
}
