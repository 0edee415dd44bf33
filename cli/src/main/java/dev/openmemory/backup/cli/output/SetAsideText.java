package dev.openmemory.backup.cli.output;

import dev.openmemory.backup.undo.SetAside;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What restores have set aside, for people and for programs. */
public final class SetAsideText {
  private SetAsideText() {}

  /** One line for each folder. */
  public static List<String> lines(List<SetAside> all, ZoneId zone, String indent) {
    Table table = new Table();
    for (SetAside each : all) {
      table.row(
          Units.dateTime(each.time(), zone),
          each.component(),
          Units.size(each.bytes()),
          each.folder().toString());
    }
    return table.lines(indent);
  }

  /** {@code 1.4 MiB in 3 folders}. */
  public static String total(List<SetAside> all) {
    return Units.size(all.stream().mapToLong(SetAside::bytes).sum())
        + " in "
        + (all.size() == 1 ? "1 folder" : all.size() + " folders");
  }

  public static List<Map<String, Object>> document(List<SetAside> all) {
    return all.stream().map(SetAsideText::document).toList();
  }

  private static Map<String, Object> document(SetAside each) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("restoreId", each.restoreId());
    document.put("component", each.component());
    document.put("folder", each.folder().toString());
    document.put("bytes", each.bytes());
    document.put("time", each.time().toString());
    document.put("last", each.last());
    return document;
  }
}
