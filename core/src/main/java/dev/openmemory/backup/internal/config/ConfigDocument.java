package dev.openmemory.backup.internal.config;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.internal.secrets.LiteralKeys;
import dev.openmemory.backup.spi.BackupFiles;
import dev.openmemory.backup.spi.RunContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a configuration file says.
 *
 * @param root null when the file is not JSON
 * @param problem where it stops being JSON; null when it is
 */
public record ConfigDocument(@Nullable JsonNode root, @Nullable String problem) {
  /** The name of the file in a backup. */
  public static final String FILE = "config.json";

  /** Far above any real configuration; larger files are something else. */
  public static final int MOST_BYTES = 16 * 1024 * 1024;

  private static final int BUFFER = 64 * 1024;
  private static final Pattern ENV_REFERENCE = Pattern.compile("env:([A-Za-z_][A-Za-z0-9_]*)");
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  /**
   * Reads the whole file.
   *
   * @param tooLarge what it means when it is larger than {@link #MOST_BYTES}
   */
  public static byte[] read(
      InputStream in, String location, Kind tooLarge, Cancellation cancellation)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] buffer = new byte[BUFFER];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      cancellation.check();
      bytes.write(buffer, 0, n);
      if (bytes.size() > MOST_BYTES) {
        throw tooLarge.failure(
            "read configuration", location, "is larger than " + MOST_BYTES + " bytes");
      }
    }
    return bytes.toByteArray();
  }

  /** Reads the one file to its end, so that its digest is checked. */
  public static byte[] fetch(BackupFiles files, RunContext context) throws IOException {
    List<String> names = files.names();
    if (names.size() != 1) {
      throw Kind.CORRUPT.failure("read configuration", "", "expected one file but found " + names);
    }
    try (InputStream in = files.open(names.get(0))) {
      return read(in, names.get(0), Kind.CORRUPT, context.cancellation());
    }
  }

  /** Understands the bytes as far as they can be. */
  public static ConfigDocument parse(byte[] bytes) {
    try {
      JsonNode root = JSON.readTree(bytes);
      return root.isMissingNode()
          ? new ConfigDocument(null, "the file is empty")
          : new ConfigDocument(root, null);
    } catch (JacksonException e) {
      // Not the parser's own message: it quotes the document, and so perhaps a key.
      TokenStreamLocation place = e.getLocation();
      return new ConfigDocument(
          null, "line " + place.getLineNr() + ", column " + place.getColumnNr());
    }
  }

  /** What it says of providers, without secrets. */
  public Facts facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("json", root != null);
    facts.putAll(settings());
    return new Facts(facts);
  }

  /** The providers that it names, and the variables that it refers to; empty without either. */
  public Map<String, Object> settings() {
    Map<String, Object> settings = new LinkedHashMap<>();
    if (root != null) {
      Map<String, Object> providers = new LinkedHashMap<>();
      for (String part : new String[] {"llm", "embedder"}) {
        Map<String, Object> provider = provider(root.path("mem0").path(part));
        if (!provider.isEmpty()) {
          providers.put(part, provider);
        }
      }
      if (!providers.isEmpty()) {
        settings.put("providers", providers);
      }
      Map<String, Object> store = vectorStore().map(VectorStore::facts).orElse(Map.of());
      if (!store.isEmpty()) {
        settings.put("vectorStore", store);
      }
      Set<String> references = new TreeSet<>();
      collectReferences(root, references);
      if (!references.isEmpty()) {
        settings.put("envReferences", List.copyOf(references));
      }
    }
    return settings;
  }

  private static void collectReferences(JsonNode node, Set<String> names) {
    if (node.isString()) {
      Matcher reference = ENV_REFERENCE.matcher(node.stringValue());
      if (reference.matches()) {
        names.add(reference.group(1));
      }
    }
    node.forEach(below -> collectReferences(below, names));
  }

  /** The vector store that it names, if it names one. */
  public Optional<VectorStore> vectorStore() {
    return Optional.ofNullable(root).flatMap(VectorStore::in);
  }

  /** The collection that it names for the vectors of memories. */
  public Optional<String> collection() {
    return vectorStore().flatMap(VectorStore::collection);
  }

  /** What it says of the embedder, if it names one; may hold a key. */
  public Optional<JsonNode> embedder() {
    return Optional.ofNullable(root)
        .map(all -> all.path("mem0").path("embedder"))
        .filter(JsonNode::isObject);
  }

  private static Map<String, Object> provider(JsonNode part) {
    Map<String, Object> facts = new LinkedHashMap<>();
    putText(facts, "provider", part.path("provider"));
    putText(facts, "model", part.path("config").path("model"));
    JsonNode dimensions = part.path("config").path("embedding_dims");
    if (dimensions.isIntegralNumber() && dimensions.canConvertToLong()) {
      facts.put("dimensions", dimensions.longValue());
    }
    return facts;
  }

  private static void putText(Map<String, Object> facts, String name, JsonNode value) {
    if (value.isString()) {
      facts.put(name, value.stringValue());
    }
  }

  /** Warns of literal secrets, and when it is not JSON. */
  public void warn(String location, Consumer<Warning> warnings) {
    if (root == null) {
      warnings.accept(new Warning("config-not-json", location + " is not valid JSON: " + problem));
      return;
    }
    for (String place : LiteralKeys.in(root)) {
      warnings.accept(LiteralKeys.warning(location, place));
    }
  }
}
