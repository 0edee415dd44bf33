package dev.openmemory.backup.internal.json;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON text to and from trees of Map, List, String, Number, Boolean and null. */
public final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private static final JsonMapper COMPACT = new JsonMapper();

  private Json() {}

  /**
   * Reads one JSON object.
   *
   * @throws BackupException of kind {@code CORRUPT}, with line and column, when it is not one
   */
  public static Map<String, @Nullable Object> readObject(byte[] text, String location)
      throws BackupException {
    try {
      if (MAPPER.readValue(text, Object.class) instanceof Map<?, ?> map) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        map.forEach((key, value) -> object.put(String.valueOf(key), value));
        return object;
      }
      throw Kind.CORRUPT.failure("read", location, "not a JSON object");
    } catch (JacksonException e) {
      // The parser's message quotes the text around the fault, which may hold anything; the place
      // says enough.
      String place =
          e.getLocation() == null
              ? ""
              : " at line "
                  + e.getLocation().getLineNr()
                  + ", column "
                  + e.getLocation().getColumnNr();
      throw Kind.CORRUPT.failure("read", location, "not valid JSON" + place);
    }
  }

  /** Writes a tree, indented, with a newline at the end. */
  public static byte[] write(Object tree) {
    return (MAPPER.writeValueAsString(tree) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** Writes a tree without any line end. */
  public static String line(Object tree) {
    return COMPACT.writeValueAsString(tree);
  }

  /** The same text for equal trees, whatever the order of members and the width of integers. */
  public static String canonical(@Nullable Object tree) {
    return MAPPER.writeValueAsString(sorted(tree));
  }

  private static @Nullable Object sorted(@Nullable Object tree) {
    if (tree instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> result = new TreeMap<>();
      map.forEach((key, value) -> result.put(String.valueOf(key), sorted(value)));
      return result;
    }
    if (tree instanceof List<?> list) {
      List<@Nullable Object> result = new ArrayList<>();
      list.forEach(value -> result.add(sorted(value)));
      return result;
    }
    return tree;
  }
}
