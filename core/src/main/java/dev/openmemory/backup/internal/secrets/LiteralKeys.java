package dev.openmemory.backup.internal.secrets;

import dev.openmemory.backup.Warning;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Finds secrets that stand in a JSON document as they are, instead of as {@code env:NAME}. */
public final class LiteralKeys {
  private static final Pattern SECRET_NAME =
      Pattern.compile("api[_-]?key|token|secret|password", Pattern.CASE_INSENSITIVE);

  private LiteralKeys() {}

  /** The places of all literal secrets, such as {@code mem0.llm.config.api_key}, in order. */
  public static List<String> in(JsonNode document) {
    List<String> places = new ArrayList<>();
    collect(document, "", false, places);
    return places;
  }

  /**
   * The warning for one place.
   *
   * @param document says which document it is
   */
  public static Warning warning(String document, String place) {
    return new Warning(
        Warning.LITERAL_KEY,
        "the backup contains a key in plain text ("
            + document
            + ", "
            + place
            + "); keep the backup private, or store the key as env:NAME");
  }

  private static void collect(JsonNode node, String place, boolean secret, List<String> places) {
    if (node.isObject()) {
      for (Map.Entry<String, JsonNode> member : node.properties()) {
        String name = member.getKey();
        String below = place.isEmpty() ? name : place + "." + name;
        collect(member.getValue(), below, SECRET_NAME.matcher(name).find(), places);
      }
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        collect(node.get(i), place + "[" + i + "]", secret, places);
      }
    } else if (secret && node.isString() && isLiteral(node.stringValue())) {
      places.add(place);
    }
  }

  private static boolean isLiteral(String value) {
    return !value.isBlank() && !value.startsWith("env:");
  }
}
