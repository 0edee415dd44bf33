package dev.openmemory.backup.cli.output.json;

import dev.openmemory.backup.cli.output.Examination;
import dev.openmemory.backup.cli.output.SetAsideText;
import dev.openmemory.backup.cli.output.TargetCheck;
import dev.openmemory.backup.docker.Discovery;
import dev.openmemory.backup.docker.Discovery.ContainerRow;
import dev.openmemory.backup.docker.Discovery.Engine;
import dev.openmemory.backup.docker.Discovery.Finding;
import java.util.LinkedHashMap;
import java.util.Map;

/** An {@link Examination} for programs. */
final class DoctorJson {
  private DoctorJson() {}

  static Map<String, Object> document(Examination examination) {
    Discovery found = examination.found();
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("home", examination.home().toString());
    found.engine().ifPresent(e -> document.put("engine", engine(e)));
    examination.notAsked().ifPresent(why -> document.put("engineNotAsked", why));
    document.put("containers", found.containers().stream().map(DoctorJson::container).toList());
    document.put("findings", found.findings().stream().map(DoctorJson::finding).toList());
    examination.crossCheck().ifPresent(r -> document.put("crossCheck", r.toFacts()));
    examination.notCompared().ifPresent(why -> document.put("notCompared", why));
    document.put("targets", examination.targets().stream().map(DoctorJson::target).toList());
    document.put("setAside", SetAsideText.document(examination.setAside()));
    document.put("recovered", examination.recovered());
    document.put("warnings", BackupJson.warnings(examination.warnings()));
    return document;
  }

  private static Map<String, Object> target(TargetCheck target) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("location", target.location());
    target.backups().ifPresent(count -> document.put("backups", count));
    document.put("new", target.isNew());
    document.put("removed", target.removed());
    return document;
  }

  private static Map<String, Object> engine(Engine engine) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("version", engine.version());
    document.put("endpoint", engine.endpoint());
    document.put("why", engine.why());
    return document;
  }

  private static Map<String, Object> container(ContainerRow row) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("name", row.name());
    document.put("role", row.role());
    document.put("state", row.state());
    document.put("image", row.image());
    return document;
  }

  static Map<String, Object> finding(Finding finding) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("subject", finding.subject());
    document.put("place", finding.place());
    document.put("why", finding.why());
    return document;
  }
}
