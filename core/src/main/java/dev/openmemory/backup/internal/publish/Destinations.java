package dev.openmemory.backup.internal.publish;

import dev.openmemory.backup.BackupEvent;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupReport.Missed;
import dev.openmemory.backup.Manifest;
import dev.openmemory.backup.Manifest.Digest;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.internal.file.CloseAll;
import dev.openmemory.backup.internal.file.SmallContent;
import dev.openmemory.backup.internal.file.Undo;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.ObjectInfo;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The targets that one backup goes to. One that fails is left behind with nothing of the backup in
 * it, and the others continue; when none is left, the backup has failed. To be used by one thread.
 */
public final class Destinations implements Closeable {
  private final Run run;
  private final List<BackupDestination> going;
  private final List<Missed> missed = new ArrayList<>();
  private boolean finishing;

  private Destinations(Run run, List<BackupDestination> destinations) {
    this.run = run;
    this.going = new ArrayList<>(destinations);
  }

  /** What is done with each of them. */
  private interface Step {
    void with(BackupDestination destination) throws IOException;
  }

  /**
   * The target of the run and others.
   *
   * @throws BackupException of kind {@code INVALID} when one of them is there twice
   */
  public static Destinations of(Run run, List<BackupTarget> others) throws BackupException {
    List<BackupTarget> all = Stream.concat(Stream.of(run.target()), others.stream()).toList();
    Set<String> locations = new HashSet<>();
    for (BackupTarget target : all) {
      if (!locations.add(target.location())) {
        throw Kind.INVALID.failure("backup", target.location(), "is a target of this backup twice");
      }
    }
    return new Destinations(run, all.stream().map(t -> new BackupDestination(run, t)).toList());
  }

  /** All runs wait for the targets in the same order, so that none waits for ever. */
  public void prepare(String installationId, Optional<String> home) throws IOException {
    List<BackupDestination> ordered = new ArrayList<>(going);
    ordered.sort(Comparator.comparing(BackupDestination::location));
    each(ordered, destination -> destination.prepare(installationId, home));
  }

  /** Leaves behind targets that were used before and are missing or empty now. */
  public void requireStillThere(UsedTargets used) throws IOException {
    each(destination -> used.requireStillThere(destination.target()));
  }

  /** Notes the targets that the backup went to. */
  public void noteIn(UsedTargets used) {
    used.add(going.stream().map(BackupDestination::target).toList(), run.clock().instant());
  }

  /** Leaves behind targets that have such a backup. */
  public void requireFree(BackupName name) throws IOException {
    each(
        destination -> {
          if (destination.has(name)) {
            throw destination.taken(name);
          }
        });
  }

  public boolean isTakenInAny(BackupName name) throws IOException {
    Set<BackupDestination> having = new HashSet<>();
    each(
        destination -> {
          if (destination.has(name)) {
            having.add(destination);
          }
        });
    return !having.isEmpty();
  }

  public void requireSpace(long needed) throws IOException {
    each(destination -> destination.requireSpace(needed));
  }

  public void claim(BackupName name) throws IOException {
    each(destination -> destination.claim(name));
  }

  /**
   * Writes the content to all of them, which reads it once. One that failed for a moment gets it
   * once more: from the content where it can be repeated, else from another destination.
   *
   * @param stored what was written, to be asked afterwards
   */
  void write(ObjectName object, Content content, Supplier<Digest> stored) throws IOException {
    if (going.size() == 1) {
      each(d -> d.requireSize(d.write(object, content), stored.get().size()));
      return;
    }
    FanOut fanOut = new FanOut(going, object);
    fanOut.write(content);
    each(d -> d.requireSize(written(d, fanOut, object, content, stored), stored.get().size()));
  }

  private static ObjectInfo written(
      BackupDestination destination,
      FanOut fanOut,
      ObjectName object,
      Content content,
      Supplier<Digest> stored)
      throws IOException {
    try {
      return fanOut.written(destination);
    } catch (BackupException e) {
      Optional<Content> again =
          content.repeatable()
              ? Optional.of(content)
              : fanOut.finished().map(other -> new StoredCopy(other, object, stored.get()));
      if (again.isEmpty() || !e.kind().isTransient()) {
        throw e;
      }
      return destination.write(object, again.get());
    }
  }

  /** The newest sound backup of the installation in any of them that holds these components. */
  public Optional<Manifest> predecessor(String installationId, Set<String> components)
      throws IOException {
    List<Manifest> found = new ArrayList<>();
    each(destination -> destination.predecessor(installationId, components).ifPresent(found::add));
    return found.stream().max(Comparator.comparing(manifest -> manifest.captured().end()));
  }

  /** Whether only one of them is left. */
  boolean isOne() {
    return going.size() == 1;
  }

  /** Makes the backup visible in each of them. What was finished stays, whatever follows. */
  public void finish(BackupName name, SmallContent manifest, Optional<SmallContent> signature)
      throws IOException {
    each(
        destination -> {
          destination.finish(name, manifest, signature);
          finishing = true;
        });
  }

  public List<String> locations() {
    return going.stream().map(BackupDestination::location).toList();
  }

  public List<Missed> missed() {
    return List.copyOf(missed);
  }

  /** Removes what was begun and not finished. */
  public void abandon(Throwable failure) {
    going.forEach(destination -> destination.abandon(failure));
  }

  /** Closes each of them, whatever goes wrong with others. */
  @Override
  public void close() throws IOException {
    CloseAll.of(going);
  }

  private void each(Step step) throws IOException {
    each(List.copyOf(going), step);
  }

  private void each(List<BackupDestination> destinations, Step step) throws IOException {
    for (BackupDestination destination : destinations) {
      try {
        step.with(destination);
      } catch (IOException | RuntimeException e) {
        if (going.size() == 1) {
          missed.forEach(other -> e.addSuppressed(other.reason()));
          throw e;
        }
        BackupException reason = reason(e, destination);
        if (reason.kind() == Kind.CANCELLED && !finishing) {
          throw reason;
        }
        leave(destination, reason);
      }
    }
  }

  /** Also what a target should not have thrown costs the others nothing. */
  private static BackupException reason(Exception failure, BackupDestination destination) {
    return failure instanceof BackupException ours
        ? ours
        : Kind.FAILED.failure("backup", destination.location(), failure.toString(), failure);
  }

  private void leave(BackupDestination destination, BackupException reason) {
    destination.abandon(reason);
    Undo.after(reason, destination::close);
    going.remove(destination);
    missed.add(new Missed(destination.location(), reason));
    String fact = "the backup does not go to " + destination.location();
    run.tell(
        new BackupEvent.WarningRaised(
            new Warning(Warning.MISSED, fact + ": " + reason.getMessage())));
  }
}
