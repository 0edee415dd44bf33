package dev.openmemory.backup.internal.restore;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Installation.Part;
import dev.openmemory.backup.Installation.Writers;
import dev.openmemory.backup.internal.json.JsonObject;
import dev.openmemory.backup.internal.pause.HeldRecord;
import dev.openmemory.backup.internal.process.Owner;
import dev.openmemory.backup.internal.run.WorkRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * {@code restore.json} in the home's work folder: how far a restore is, written durably before each
 * step, so that a later run can roll it back or finish it.
 *
 * @param failures how often it could not be rolled back, by the restore itself or a later run
 * @param lastFailure of these, for people; empty when there is none
 * @param reversal what an undo has to know; empty when the restore is never undone
 */
record RestoreRecord(
    String restoreId,
    Phase phase,
    boolean discardPrevious,
    Owner owner,
    List<Part> parts,
    Optional<Writers> writers,
    int failures,
    String lastFailure,
    Optional<Reversal> reversal) {

  static final String OPERATION = "record the restore";
  private static final WorkRecord FILE = new WorkRecord("restore.json", OPERATION);

  /** What may have happened so far. */
  enum Phase {
    /** Files are being fetched and staged; the present state is untouched. */
    PREPARING,
    /** The present state is being exchanged; to be rolled back. */
    APPLYING,
    /** Everything is in place; to be finished. */
    COMMITTING
  }

  RestoreRecord {
    parts = List.copyOf(parts);
  }

  RestoreRecord in(Phase next) {
    return with(next, owner, failures, lastFailure);
  }

  /** Nothing is deleted at its end. */
  RestoreRecord keepingPrevious() {
    return new RestoreRecord(
        restoreId, phase, false, owner, parts, writers, failures, lastFailure, reversal);
  }

  /** After one more rollback that failed. */
  RestoreRecord failedAgain(String failure) {
    return with(phase, owner, failures + 1, failure);
  }

  /** As if no rollback had failed. */
  RestoreRecord untried() {
    return with(phase, owner, 0, "");
  }

  private RestoreRecord with(Phase next, Owner by, int count, String failure) {
    return new RestoreRecord(
        restoreId, next, discardPrevious, by, parts, writers, count, failure, reversal);
  }

  /** After the writers have reported the data that is about to be replaced. */
  RestoreRecord observed(Map<String, Facts> reported) {
    return new RestoreRecord(
        restoreId,
        phase,
        discardPrevious,
        owner,
        parts,
        writers,
        failures,
        lastFailure,
        reversal.map(known -> known.observed(reported)));
  }

  /** Says that the restore is going to be rolled back, also when its end was recorded just now. */
  static void reopen(Path home) throws IOException {
    Optional<RestoreRecord> record = read(home).filter(r -> r.phase == Phase.COMMITTING);
    if (record.isPresent()) {
      record.get().in(Phase.APPLYING).write(home);
    }
  }

  /** Lets the next run end the restore, also when it is one of this process. */
  static void retire(Path home) throws IOException {
    retire(home, record -> record);
  }

  /** The same after a rollback that failed. */
  static void retire(Path home, String failure) throws IOException {
    retire(home, record -> record.failedAgain(failure));
  }

  private static void retire(Path home, UnaryOperator<RestoreRecord> change) throws IOException {
    Optional<RestoreRecord> left =
        read(home).filter(record -> record.owner.isThisProcess()).map(change);
    if (left.isPresent()) {
      RestoreRecord record = left.get();
      record
          .with(record.phase, record.owner.retired(), record.failures, record.lastFailure)
          .write(home);
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
    json.put("restoreId", restoreId);
    json.put("phase", phase.name().toLowerCase(Locale.ROOT));
    json.put("discardPrevious", discardPrevious);
    json.put("owner", owner.toJson());
    json.put(
        "parts",
        parts.stream().map(p -> Map.of("type", p.type(), "options", p.options())).toList());
    writers.ifPresent(w -> json.put("writers", HeldRecord.toJson(w)));
    reversal.ifPresent(r -> json.put("reversal", r.toJson()));
    if (failures > 0) {
      json.put("failures", failures);
      json.put("lastFailure", lastFailure);
    }
    return json;
  }

  static Optional<RestoreRecord> read(Path home) throws IOException {
    Optional<JsonObject> record = FILE.read(home);
    return record.isPresent() ? Optional.of(fromJson(record.get())) : Optional.empty();
  }

  private static RestoreRecord fromJson(JsonObject json) throws IOException {
    List<Part> parts = new ArrayList<>();
    for (JsonObject part : json.objects("parts")) {
      parts.add(new Part(part.string("type"), part.texts("options"), false));
    }
    Optional<Writers> writers =
        json.has("writers")
            ? Optional.of(HeldRecord.control(json.object("writers")))
            : Optional.empty();
    String phase = json.string("phase");
    for (Phase known : Phase.values()) {
      if (known.name().toLowerCase(Locale.ROOT).equals(phase)) {
        return new RestoreRecord(
            json.string("restoreId"),
            known,
            json.flag("discardPrevious"),
            Owner.fromJson(json.object("owner")),
            parts,
            writers,
            json.has("failures") ? (int) json.size("failures") : 0,
            json.has("failures") ? json.string("lastFailure") : "",
            json.has("reversal")
                ? Optional.of(Reversal.fromJson(json.object("reversal")))
                : Optional.empty());
      }
    }
    throw json.wrong("phase", "is unknown: " + phase);
  }

  /** Also removes the work folder when nothing else is in it. */
  static void delete(Path home) throws IOException {
    FILE.delete(home);
  }
}
