package dev.openmemory.backup.internal.restore;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.internal.json.JsonObject;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What an undo has to know of a restore, beside what is set aside.
 *
 * @param backup that was restored
 * @param created when that backup was made
 * @param undone whether that restore was undone, so that its data is what is set aside
 * @param reverses the restore that had set aside what is put in place; empty for that of a backup
 * @param before the replaced data, by component, in order
 */
public record Reversal(
    BackupName backup,
    Instant created,
    boolean undone,
    Optional<String> reverses,
    Map<String, Before> before) {

  /**
   * The data that a restore replaces.
   *
   * @param place where it is; empty when its source cannot put it back
   * @param facts of it, as far as known
   */
  public record Before(Optional<String> place, Facts facts) {}

  public Reversal {
    before = Collections.unmodifiableMap(new LinkedHashMap<>(before));
  }

  Reversal with(Map<String, Before> known) {
    return new Reversal(backup, created, undone, reverses, known);
  }

  /** Facts that were reported when the data was still in place count more than those of a look. */
  Reversal observed(Map<String, Facts> reported) {
    Map<String, Before> all = new LinkedHashMap<>(before);
    all.replaceAll(
        (component, known) ->
            new Before(
                known.place(), known.facts().with(reported.getOrDefault(component, Facts.NONE))));
    return with(all);
  }

  Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("backup", backup.value());
    json.put("created", created.toString());
    json.put("undone", undone);
    reverses.ifPresent(id -> json.put("reverses", id));
    Map<String, Object> components = new LinkedHashMap<>();
    before.forEach((component, data) -> components.put(component, toJson(data)));
    json.put("before", components);
    return json;
  }

  private static Map<String, Object> toJson(Before data) {
    Map<String, Object> json = new LinkedHashMap<>();
    data.place().ifPresent(place -> json.put("place", place));
    json.put("facts", data.facts().values());
    return json;
  }

  static Reversal fromJson(JsonObject json) throws BackupException {
    Map<String, Before> before = new LinkedHashMap<>();
    JsonObject components = json.object("before");
    for (String component : components.others(Set.of()).keySet()) {
      before.put(component, before(components.object(component)));
    }
    return new Reversal(
        new BackupName(json.string("backup")),
        json.instant("created"),
        json.flag("undone"),
        json.has("reverses") ? Optional.of(json.string("reverses")) : Optional.empty(),
        before);
  }

  private static Before before(JsonObject json) throws BackupException {
    return new Before(
        json.has("place") ? Optional.of(json.string("place")) : Optional.empty(),
        new Facts(json.object("facts").others(Set.of())));
  }
}
