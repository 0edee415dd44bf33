package dev.openmemory.backup.internal.json;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object that is being read: says where it is when something is missing or of the wrong
 * type.
 */
public final class JsonObject {
  private final Map<String, @Nullable Object> members;
  private final String location;
  private final String path;

  private JsonObject(Map<String, @Nullable Object> members, String location, String path) {
    this.members = members;
    this.location = location;
    this.path = path;
  }

  /** Parses the text of the document at the location. */
  public static JsonObject parse(byte[] text, String location) throws BackupException {
    return new JsonObject(Json.readObject(text, location), location, "");
  }

  public String string(String name) throws BackupException {
    return member(name, String.class, "a text");
  }

  /** The whole number of that name, not negative. */
  public long size(String name) throws BackupException {
    Number number = member(name, Number.class, "a number");
    if (number.longValue() < 0 || number.doubleValue() != number.longValue()) {
      throw wrong(name, "is not a size");
    }
    return number.longValue();
  }

  public boolean flag(String name) throws BackupException {
    return member(name, Boolean.class, "true or false");
  }

  /** The UTC instant of that name. */
  public Instant instant(String name) throws BackupException {
    try {
      return Instant.parse(string(name));
    } catch (DateTimeParseException e) {
      throw wrong(name, "is not an instant");
    }
  }

  public JsonObject object(String name) throws BackupException {
    return new JsonObject(tree(member(name, Map.class, "an object")), location, path + name + ".");
  }

  /** Whether there is a member of that name. */
  public boolean has(String name) {
    return members.get(name) != null;
  }

  /** The objects in the array of that name. */
  public List<JsonObject> objects(String name) throws BackupException {
    List<JsonObject> objects = new ArrayList<>();
    for (Object item : member(name, List.class, "an array")) {
      if (!(item instanceof Map<?, ?> map)) {
        throw wrong(name, "does not hold objects only");
      }
      objects.add(new JsonObject(tree(map), location, path + name + "[" + objects.size() + "]."));
    }
    return objects;
  }

  /** The values in the array of that name, of any kind. */
  public List<?> list(String name) throws BackupException {
    return member(name, List.class, "an array");
  }

  /** The texts in the array of that name. */
  public List<String> strings(String name) throws BackupException {
    List<String> texts = new ArrayList<>();
    for (Object item : member(name, List.class, "an array")) {
      if (!(item instanceof String text)) {
        throw wrong(name, "does not hold texts only");
      }
      texts.add(text);
    }
    return texts;
  }

  /** The values of the object of that name as texts, by their names. */
  public Map<String, String> texts(String name) throws BackupException {
    Map<String, String> texts = new LinkedHashMap<>();
    object(name).others(Set.of()).forEach((key, value) -> texts.put(key, String.valueOf(value)));
    return texts;
  }

  /** All members but the named ones, without JSON nulls. */
  public Map<String, Object> others(Set<String> known) {
    Map<String, Object> others = new LinkedHashMap<>();
    members.forEach(
        (name, value) -> {
          if (value != null && !known.contains(name)) {
            others.put(name, value);
          }
        });
    return others;
  }

  /** A failure that names the member. */
  public BackupException wrong(String name, String what) {
    return Kind.CORRUPT.failure("read", location, "'" + path + name + "' " + what);
  }

  private <T> T member(String name, Class<T> type, String description) throws BackupException {
    Object value = members.get(name);
    if (value == null) {
      throw wrong(name, "is missing");
    }
    if (!type.isInstance(value)) {
      throw wrong(name, "is not " + description);
    }
    return type.cast(value);
  }

  private static Map<String, @Nullable Object> tree(Map<?, ?> map) {
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    map.forEach((key, value) -> tree.put(String.valueOf(key), value));
    return tree;
  }
}
