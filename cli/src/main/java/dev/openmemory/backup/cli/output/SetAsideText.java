package dev.openmemory.backup.cli.output;

import dev.openmemory.backup.undo.SetAside;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What restores and changes of memories have set aside, for people and for programs. */
public final class SetAsideText {
  private SetAsideText() {}

  /** One line for each folder or file. */
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

  /** {@code 1.4 MiB in 3 folders and 1 file}. */
  public static String total(List<SetAside> all) {
    long files = all.stream().filter(SetAside::isOfMemories).count();
    return Units.size(all.stream().mapToLong(SetAside::bytes).sum())
        + " in "
        + Stream.of(count(all.size() - files, "folder"), count(files, "file"))
            .flatMap(Optional::stream)
            .collect(Collectors.joining(" and "));
  }

  private static Optional<String> count(long number, String what) {
    return number == 0
        ? Optional.empty()
        : Optional.of(number == 1 ? "1 " + what : number + " " + what + "s");
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
