package dev.openmemory.backup.docker.internal.control;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.docker.internal.engine.Container;
import dev.openmemory.backup.internal.qdrant.server.ApiKey;
import dev.openmemory.backup.spi.ProviderOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys that Qdrant in a container may want: of its environment, which is nearest, of a file that is
 * named, and of the environment of this process.
 *
 * @param file that holds a key, if one is named
 */
public record QdrantKeys(Optional<Path> file) {
  /** The name of the option. */
  public static final String OPTION = "api-key-file";

  private static final Logger LOG = LoggerFactory.getLogger(QdrantKeys.class);
  private static final String VARIABLE = "QDRANT_API_KEY";
  private static final List<String> OF_CONTAINER =
      List.of("QDRANT__SERVICE__API_KEY", "QDRANT__SERVICE__READ_ONLY_API_KEY");

  /** As the options say. */
  public static QdrantKeys of(ProviderOptions options) throws BackupException {
    return new QdrantKeys(
        options.text(OPTION).isPresent() ? Optional.of(options.path(OPTION)) : Optional.empty());
  }

  /** The likeliest first; never empty, for without any key none may be wanted. */
  List<Optional<ApiKey>> of(Container container) throws BackupException {
    List<Optional<ApiKey>> keys = new ArrayList<>();
    for (String variable : OF_CONTAINER) {
      String text = container.environment().getOrDefault(variable, "");
      add(keys, text, () -> ApiKey.of(text, variable + " of container " + container.name()));
    }
    if (file.isPresent()) {
      add(keys, "a file", () -> ApiKey.in(file.get()));
    }
    String ours = Objects.requireNonNullElse(System.getenv(VARIABLE), "");
    add(keys, ours, () -> ApiKey.of(ours, VARIABLE));
    return keys.isEmpty() ? List.of(Optional.empty()) : keys;
  }

  /** One that cannot be used costs no backup: only the comparison with Qdrant needs it. */
  private static void add(List<Optional<ApiKey>> keys, String text, Read read)
      throws BackupException {
    if (text.isBlank()) {
      return;
    }
    try {
      keys.add(Optional.of(read.key()));
    } catch (BackupException e) {
      e.throwIfCancelled();
      LOG.warn("{}", e.getMessage());
    } catch (IOException e) {
      LOG.warn("the API key cannot be read: {}", e.getClass().getSimpleName());
    }
  }

  private interface Read {
    ApiKey key() throws IOException;
  }
}
