package dev.openmemory.backup.internal.pause;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Installation.Writers;
import dev.openmemory.backup.Quiesce;
import dev.openmemory.backup.internal.json.JsonObject;
import dev.openmemory.backup.internal.lock.HomeLock;
import dev.openmemory.backup.internal.process.Owner;
import dev.openmemory.backup.internal.run.WorkRecord;
import dev.openmemory.backup.spi.Writer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code held.json} in the home's work folder: the writers that are about to be held. It is on the
 * disk before the first is held, so that a later run can resume what a killed one left.
 *
 * @param control how to reach them
 * @param how they are held; one that is being stopped may still stop after the process has ended
 * @param writers in the order in which they are held
 */
public record HeldRecord(Owner owner, Writers control, Quiesce how, List<Writer> writers) {
  private static final WorkRecord FILE =
      new WorkRecord("held.json", "record the paused containers");

  public HeldRecord {
    writers = List.copyOf(writers);
  }

  /** Of this process, before it is known how they are held. */
  static HeldRecord of(Path home, Clock clock, Writers control, List<Writer> writers) {
    return new HeldRecord(HomeLock.owner(home, clock), control, Quiesce.NONE, writers);
  }

  /** Lets the next run take the writers over, also when it is one of this process. */
  static void retire(Path home) throws IOException {
    Optional<HeldRecord> left = read(home).filter(record -> record.owner.isThisProcess());
    if (left.isPresent()) {
      HeldRecord record = left.get();
      new HeldRecord(record.owner.retired(), record.control, record.how, record.writers)
          .write(home);
    }
  }

  HeldRecord held(Quiesce chosen) {
    return new HeldRecord(owner, control, chosen, writers);
  }

  HeldRecord with(List<Writer> all) {
    return new HeldRecord(owner, control, how, all);
  }

  /**
   * Refuses when another run has begun to hold writers since this one began.
   *
   * @throws BackupException of kind {@code LOCKED}
   */
  static void requireNone(Path home) throws IOException {
    Optional<HeldRecord> other = read(home);
    if (other.isPresent()) {
      throw Kind.LOCKED.failure(
          "pause containers",
          home.toString(),
          "another run has paused the containers: " + other.get().owner);
    }
  }

  /**
   * Writes the first one.
   *
   * @throws BackupException of kind {@code LOCKED} when there is one of another run
   */
  void create(Path home) throws IOException {
    FILE.create(home, toJson());
  }

  void write(Path home) throws IOException {
    FILE.write(home, toJson());
  }

  private Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("owner", owner.toJson());
    json.put("control", toJson(control));
    json.put("how", how.text());
    json.put("writers", writers.stream().map(w -> Map.of("id", w.id(), "name", w.name())).toList());
    return json;
  }

  public static Optional<HeldRecord> read(Path home) throws IOException {
    Optional<JsonObject> record = FILE.read(home);
    if (record.isEmpty()) {
      return Optional.empty();
    }
    JsonObject json = record.get();
    List<Writer> writers = new ArrayList<>();
    for (JsonObject writer : json.objects("writers")) {
      writers.add(new Writer(writer.string("id"), writer.string("name")));
    }
    return Optional.of(
        new HeldRecord(
            Owner.fromJson(json.object("owner")),
            control(json.object("control")),
            how(json),
            writers));
  }

  /** A record of an earlier version does not say it, so the worse is assumed. */
  private static Quiesce how(JsonObject json) throws BackupException {
    boolean paused = json.has("how") && json.string("how").equals(Quiesce.PAUSE.text());
    return paused ? Quiesce.PAUSE : Quiesce.STOP;
  }

  public static Map<String, Object> toJson(Writers control) {
    return Map.of("type", control.type(), "options", control.options());
  }

  public static Writers control(JsonObject json) throws IOException {
    return new Writers(json.string("type"), json.texts("options"));
  }

  /** Removes the record unless it is one of a run that has taken the home over. */
  static void deleteOwn(Path home) throws IOException {
    if (read(home).filter(record -> record.owner.isThisProcess()).isPresent()) {
      delete(home);
    }
  }

  /** Also removes the work folder when nothing else is in it. */
  public static void delete(Path home) throws IOException {
    FILE.delete(home);
  }
}
