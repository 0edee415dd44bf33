package dev.openmemory.backup.internal.json;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Manifest;
import dev.openmemory.backup.Manifest.Captured;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.Manifest.Digest;
import dev.openmemory.backup.Manifest.Encryption;
import dev.openmemory.backup.Manifest.StoredFile;
import dev.openmemory.backup.Manifest.Tool;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.Warning;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * {@code manifest.json} to and from {@link Manifest}; {@code docs/manifest.schema.json} is its
 * schema.
 */
public final class ManifestJson {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern VERSION = Pattern.compile("([0-9]{1,6})\\.([0-9]{1,6})");
  private static final int MAJOR = 1;

  private ManifestJson() {}

  /** Writes the manifest, unknown members included. */
  public static byte[] write(Manifest manifest) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("formatVersion", manifest.formatVersion());
    json.put("name", manifest.name());
    Map<String, Object> tool = new LinkedHashMap<>();
    tool.put("name", manifest.tool().name());
    tool.put("version", manifest.tool().version());
    json.put("tool", tool);
    json.put("installationId", manifest.installationId());
    Map<String, Object> captured = new LinkedHashMap<>();
    captured.put("start", manifest.captured().start().toString());
    captured.put("end", manifest.captured().end().toString());
    json.put("captured", captured);
    json.put("quiesce", manifest.quiesce());
    json.put("components", manifest.components().stream().map(ManifestJson::component).toList());
    json.put("files", manifest.files().stream().map(ManifestJson::file).toList());
    json.put("warnings", manifest.warnings().stream().map(ManifestJson::warning).toList());
    if (!manifest.tags().isEmpty()) {
      json.put("tags", List.copyOf(new TreeSet<>(manifest.tags())));
    }
    manifest.encryption().ifPresent(how -> json.put("encryption", encryption(how)));
    json.putAll(manifest.other());
    return Json.write(json);
  }

  /**
   * Reads a manifest.
   *
   * @throws BackupException of kind {@code CORRUPT} naming the member that is wrong, or {@code
   *     UNSUPPORTED} when its major format version is newer than ours
   */
  public static Manifest read(byte[] text, String location) throws BackupException {
    JsonObject json = JsonObject.parse(text, location);
    requireVersion(json, location);
    JsonObject tool = json.object("tool");
    JsonObject captured = json.object("captured");
    return new Manifest(
        json.string("formatVersion"),
        backupName(json),
        new Tool(tool.string("name"), tool.string("version")),
        json.string("installationId"),
        new Captured(captured.instant("start"), captured.instant("end")),
        json.string("quiesce"),
        readAll(json.objects("components"), ManifestJson::component),
        readAll(json.objects("files"), ManifestJson::file),
        readAll(json.objects("warnings"), w -> new Warning(w.string("code"), w.string("message"))),
        json.has("tags") ? Set.copyOf(json.strings("tags")) : Set.of(),
        json.has("encryption")
            ? Optional.of(encryption(json.object("encryption")))
            : Optional.empty(),
        json.others(
            Set.of(
                "formatVersion",
                "name",
                "tool",
                "installationId",
                "captured",
                "quiesce",
                "components",
                "files",
                "warnings",
                "tags",
                "encryption")));
  }

  private static String backupName(JsonObject json) throws BackupException {
    try {
      return new BackupName(json.string("name")).value();
    } catch (IllegalArgumentException e) {
      throw json.wrong("name", "is not a valid backup name");
    }
  }

  private static void requireVersion(JsonObject json, String location) throws BackupException {
    var version = VERSION.matcher(json.string("formatVersion"));
    if (!version.matches()) {
      throw json.wrong("formatVersion", "is not of the form 1.0");
    }
    if (Integer.parseInt(version.group(1)) > MAJOR) {
      throw Kind.UNSUPPORTED.failure(
          "read",
          location,
          "format version "
              + version.group()
              + " is newer than "
              + Manifest.CURRENT_FORMAT
              + ", the newest that this version reads");
    }
  }

  private static Map<String, Object> encryption(Encryption encryption) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("scheme", encryption.scheme());
    json.put("recipients", encryption.recipients());
    return json;
  }

  private static Encryption encryption(JsonObject json) throws BackupException {
    return new Encryption(json.string("scheme"), json.strings("recipients"));
  }

  private static Map<String, Object> component(Component component) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("component", component.component());
    json.put("type", component.type());
    json.put("files", component.files());
    json.put("facts", component.facts().values());
    json.putAll(component.other());
    return json;
  }

  private static Component component(JsonObject json) throws BackupException {
    return new Component(
        json.string("component"),
        json.string("type"),
        json.strings("files"),
        new Facts(json.object("facts").others(Set.of())),
        json.others(Set.of("component", "type", "files", "facts")));
  }

  private static Map<String, Object> file(StoredFile file) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", file.name());
    json.put("plainName", file.plainName());
    json.put("mediaType", file.mediaType());
    json.put("codecs", file.codecs());
    if (file.plain().isKnown()) {
      json.put("plain", digest(file.plain()));
    }
    json.put("stored", digest(file.stored()));
    json.putAll(file.other());
    return json;
  }

  private static StoredFile file(JsonObject json) throws BackupException {
    return new StoredFile(
        fileName(json, "name"),
        fileName(json, "plainName"),
        json.string("mediaType"),
        json.strings("codecs"),
        plain(json),
        digest(json.object("stored")),
        json.others(Set.of("name", "plainName", "mediaType", "codecs", "plain", "stored")));
  }

  /** Only what compresses and encrypts hides it. */
  private static Digest plain(JsonObject json) throws BackupException {
    return !json.has("plain") && !json.strings("codecs").isEmpty()
        ? Digest.UNKNOWN
        : digest(json.object("plain"));
  }

  /** A name from outside never becomes a path: one valid segment, or the manifest is refused. */
  private static String fileName(JsonObject json, String member) throws BackupException {
    String name = json.string(member);
    if (name.contains("/") || !ObjectName.isValid(name)) {
      throw json.wrong(member, "is not a valid file name");
    }
    return name;
  }

  private static Map<String, Object> digest(Digest digest) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("size", digest.size());
    json.put("sha256", digest.sha256());
    return json;
  }

  private static Digest digest(JsonObject json) throws BackupException {
    String sha256 = json.string("sha256");
    if (!SHA256.matcher(sha256).matches()) {
      throw json.wrong("sha256", "is not 64 lower-case hex digits");
    }
    return new Digest(json.size("size"), sha256);
  }

  private static Map<String, Object> warning(Warning warning) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("code", warning.code());
    json.put("message", warning.message());
    return json;
  }

  private interface Reader<T> {
    T read(JsonObject json) throws BackupException;
  }

  private static <T> List<T> readAll(List<JsonObject> objects, Reader<T> reader)
      throws BackupException {
    List<T> values = new ArrayList<>();
    for (JsonObject object : objects) {
      values.add(reader.read(object));
    }
    return values;
  }
}
