package dev.openmemory.backup.internal.backup;

import dev.openmemory.backup.BackupEvent;
import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupReport.Held;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.Quiesce;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.internal.catalog.OpenParts.OpenPart;
import dev.openmemory.backup.internal.crosscheck.AskedPoints;
import dev.openmemory.backup.internal.pause.AffectedWriters;
import dev.openmemory.backup.internal.pause.HeldWriters;
import dev.openmemory.backup.internal.run.Run;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the writers, copies what has to be of one instant, and lets them go. All that does not need
 * them to be held is done before or after.
 */
final class HeldCapture {
  private static final Logger LOG = LoggerFactory.getLogger(HeldCapture.class);

  /** The keep-alive time of Qdrant's connections; a longer pause closes them (measured on 1.18). */
  private static final Duration HARMLESS_PAUSE = Duration.ofSeconds(5);

  /** So many moments are not all in the middle of a transaction, however busy the writer is. */
  private static final int MOST_HOLDS = 20;

  private static final long MILLIS_BETWEEN_HOLDS = 50;

  private final Run run;
  private final Installation installation;
  private final BackupRequest request;
  private final List<OpenPart> parts;
  private final Captures captures;
  private final PublishedParts published;
  private Map<String, Facts> observedFacts = Map.of();

  HeldCapture(
      Run run,
      Installation installation,
      BackupRequest request,
      List<OpenPart> parts,
      Captures captures,
      PublishedParts published) {
    this.run = run;
    this.installation = installation;
    this.request = request;
    this.parts = parts;
    this.captures = captures;
    this.published = published;
  }

  /**
   * What is known of the time of the capture.
   *
   * @param held empty when no writer was
   * @param observedFacts reported by the writers just before they were held, by component
   * @param points that the memories are compared with; empty when no Qdrant reports them
   * @param oneInstant whether these are of the instant of the capture
   */
  record Taken(
      Optional<Held> held,
      Map<String, Facts> observedFacts,
      Optional<AskedPoints> points,
      boolean oneInstant) {}

  /** However it ends, the writers run again. */
  Taken take() throws IOException {
    PointQuestion question = new PointQuestion(run, captures);
    Optional<Installation.Writers> writers = installation.writers();
    if (writers.isEmpty() || request.quiesce() == Quiesce.NONE) {
      warnIfNothingIsPaused();
      capture();
      published.publish(captures, false);
      return new Taken(Optional.empty(), observedFacts, question.askSource(), false);
    }
    Taken taken;
    try (HeldWriters holding =
        HeldWriters.running(
            installation.home(),
            writers.get(),
            AffectedWriters.all(run.writers().open(writers.get())),
            run.clock())) {
      holding.telling(run::tell);
      holdAndCapture(holding);
      if (request.spool() && !holding.writers().isEmpty()) {
        captures.spool(run);
      }
      published.publish(captures, false);
      run.tell(new BackupEvent.PhaseStarted(Phase.RESUME, "writers"));
      taken = resume(holding, question);
    } finally {
      run.writersAreHeld(false);
    }
    taken.held().ifPresent(this::warnOfLongPause);
    return taken;
  }

  /** With the memories or the vectors alone, there is nothing that could differ. */
  private void warnIfNothingIsPaused() {
    List<String> components = parts.stream().map(OpenPart::component).toList();
    if (request.quiesce() != Quiesce.NONE
        && components.containsAll(List.of(Component.DATABASE, Component.VECTORS))) {
      run.warn(
          new Warning(
              Warning.NOT_PAUSED,
              "nothing was paused, as no container or program of "
                  + installation.home()
                  + " is known; memories that were added meanwhile may lack their vectors"));
    }
  }

  private Taken resume(HeldWriters holding, PointQuestion question) throws IOException {
    boolean atOnce = question.isQuick();
    Optional<AskedPoints> points =
        atOnce ? question.askAndResume(holding) : question.resumeAndAsk(holding);
    return new Taken(holding.held(), observedFacts, points, atOnce && holding.held().isPresent());
  }

  /** One that is paused in the middle of a transaction keeps its lock: then another moment. */
  private void holdAndCapture(HeldWriters holding) throws IOException {
    for (int attempt = 1; ; attempt++) {
      run.enter(Phase.HOLD, "writers");
      observedFacts = holding.hold(request.quiesce(), run.context().cancellation());
      run.writersAreHeld(true);
      try {
        capture();
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

  private void capture() throws IOException {
    for (OpenPart part : parts) {
      run.enter(Phase.CAPTURE, part.component());
      captures.add(part, part.source().capture(run.context()));
    }
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
}
