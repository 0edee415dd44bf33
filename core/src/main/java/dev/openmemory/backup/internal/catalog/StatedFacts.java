package dev.openmemory.backup.internal.catalog;

import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.internal.json.Json;
import dev.openmemory.backup.verify.VerifyReport.Problem;
import java.util.ArrayList;
import java.util.List;

/** The facts of a manifest that the files themselves do not show. */
public final class StatedFacts {
  private StatedFacts() {}

  /** What both know must agree: bytes that match their digests can still be described wrongly. */
  public static List<Problem> differences(Component component, Facts found) {
    List<Problem> problems = new ArrayList<>();
    found
        .values()
        .forEach(
            (name, value) -> {
              Object stated = component.facts().values().get(name);
              if (stated != null && !Json.canonical(stated).equals(Json.canonical(value))) {
                problems.add(
                    new Problem(
                        component.component(),
                        "the manifest's '" + name + "' does not match the contents"));
              }
            });
    return problems;
  }
}
