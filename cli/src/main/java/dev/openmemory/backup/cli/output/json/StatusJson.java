package dev.openmemory.backup.cli.output.json;

import dev.openmemory.backup.cli.output.Status;
import dev.openmemory.backup.cli.output.Status.Store;
import java.util.LinkedHashMap;
import java.util.Map;

/** A {@link Status} for programs. */
final class StatusJson {
  private StatusJson() {}

  static Map<String, Object> document(Status status) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("home", status.home().toString());
    document.put("hasData", status.hasData());
    document.put("findings", status.found().stream().map(DoctorJson::finding).toList());
    document.put("missing", BackupJson.warnings(status.missing()));
    status.notAsked().ifPresent(why -> document.put("engineNotAsked", why));
    document.put("targets", status.stores().stream().map(StatusJson::store).toList());
    return document;
  }

  private static Map<String, Object> store(Store store) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("location", store.location());
    document.put("backups", store.backups());
    document.put("unusable", store.unusable());
    store.newest().ifPresent(backup -> document.put("newest", BackupJson.summary(backup)));
    store.problem().ifPresent(problem -> document.put("problem", problem));
    return document;
  }
}
