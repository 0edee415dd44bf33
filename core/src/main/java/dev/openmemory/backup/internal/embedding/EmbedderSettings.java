package dev.openmemory.backup.internal.embedding;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.qdrant.server.ApiKey;
import dev.openmemory.backup.internal.text.UriHost;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Which embedder OpenMemory asks, and how.
 *
 * @param base without a slash at its end
 * @param dimensions that are asked for; empty for what the model gives
 */
public record EmbedderSettings(
    Provider provider, String model, String base, OptionalInt dimensions, Optional<ApiKey> key) {
  static final String OPERATION = "make new vectors";

  private static final String REFERENCE = "env:";
  private static final String KEY_SETTING = "api_key";
  private static final String USUAL_KEY = "OPENAI_API_KEY";
  private static final List<String> USUAL_BASES = List.of("OPENAI_API_BASE", "OPENAI_BASE_URL");

  /**
   * What counts before the settings.
   *
   * @param variables the value of a variable by its name
   */
  public record Given(
      Optional<URI> address, Optional<ApiKey> key, Function<String, Optional<String>> variables) {}

  /**
   * Reads the part {@code mem0.embedder} of the settings.
   *
   * @throws BackupException of kind {@code UNSUPPORTED} when it is of another provider, {@code
   *     NO_KEY} when its key is missing, {@code INVALID} when its address is none
   */
  public static EmbedderSettings of(JsonNode embedder, Given given) throws BackupException {
    String name = embedder.path("provider").asString(Provider.OPENAI.text);
    Provider provider =
        Stream.of(Provider.values())
            .filter(known -> known.text.equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    Kind.UNSUPPORTED.failure(
                        OPERATION,
                        "",
                        "OpenMemory's embedder is of the provider '"
                            + name
                            + "', and only openai and ollama can be asked from here"));
    JsonNode config = embedder.path("config");
    JsonNode dimensions = config.path("embedding_dims");
    boolean asked = provider == Provider.OPENAI && dimensions.canConvertToInt();
    return new EmbedderSettings(
        provider,
        value(config, "model", given, Kind.INVALID).orElse(provider.model),
        base(provider, config, given),
        asked ? OptionalInt.of(dimensions.intValue()) : OptionalInt.empty(),
        key(provider, config, given));
  }

  private static Optional<String> value(JsonNode config, String member, Given given, Kind missing)
      throws BackupException {
    String text = config.path(member).isString() ? config.path(member).stringValue() : "";
    return text.startsWith(REFERENCE)
        ? Optional.of(variable(text.substring(REFERENCE.length()), given, missing))
        : Optional.of(text).filter(value -> !value.isBlank());
  }

  private static String variable(String name, Given given, Kind missing) throws BackupException {
    return filled(name, given)
        .orElseThrow(
            () ->
                missing.failure(
                    OPERATION,
                    "",
                    "OpenMemory's settings name the variable "
                        + name
                        + ", which has no value here and in the file .env"));
  }

  private static Optional<String> filled(String name, Given given) {
    return given.variables().apply(name).filter(value -> !value.isBlank());
  }

  private static Optional<ApiKey> key(Provider provider, JsonNode config, Given given)
      throws BackupException {
    if (given.key().isPresent() || provider == Provider.OLLAMA) {
      return given.key();
    }
    Optional<String> stated = value(config, KEY_SETTING, given, Kind.NO_KEY);
    String key = stated.isPresent() ? stated.get() : variable(USUAL_KEY, given, Kind.NO_KEY);
    return Optional.of(ApiKey.of(key, "key of the embedder"));
  }

  private static String base(Provider provider, JsonNode config, Given given)
      throws BackupException {
    if (given.address().isPresent()) {
      return base(given.address().get());
    }
    Optional<String> stated = value(config, provider.baseSetting, given, Kind.INVALID);
    if (stated.isEmpty() && provider == Provider.OPENAI) {
      stated = USUAL_BASES.stream().flatMap(name -> filled(name, given).stream()).findFirst();
    }
    try {
      return base(new URI(stated.orElse(provider.base)));
    } catch (URISyntaxException e) {
      // Without the text, which may hold a password.
      throw Kind.INVALID.failure(OPERATION, "", "the address of the embedder is no address");
    }
  }

  private static String base(URI address) throws BackupException {
    boolean web = Stream.of("http", "https").anyMatch(s -> s.equalsIgnoreCase(address.getScheme()));
    boolean plain = address.getRawQuery() == null && address.getRawFragment() == null;
    if (!web || !plain || UriHost.of(address).isEmpty() || UriHost.hasUser(address)) {
      throw Kind.INVALID.failure(
          OPERATION,
          UriHost.withPort(address),
          "the address of the embedder has to be http or https with a host, and perhaps a path");
    }
    String path = address.getRawPath() == null ? "" : address.getRawPath();
    String base = address.getScheme() + "://" + UriHost.withPort(address) + path;
    return base.replaceFirst("/+$", "");
  }

  /** For people and programs. */
  public String providerName() {
    return provider.text;
  }

  /** What the embedder is asked; for OpenAI in one line each, as mem0 asks it. */
  Map<String, Object> question(List<String> texts) {
    Map<String, Object> question = new LinkedHashMap<>();
    question.put("model", model);
    question.put(
        "input",
        provider == Provider.OPENAI
            ? texts.stream().map(text -> text.replace('\n', ' ')).toList()
            : texts);
    dimensions.ifPresent(wanted -> question.put("dimensions", wanted));
    return question;
  }
}
