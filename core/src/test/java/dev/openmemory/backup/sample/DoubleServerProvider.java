package dev.openmemory.backup.sample;

import dev.openmemory.backup.Facts;
import dev.openmemory.backup.drill.DrillRequest;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.spi.RunContext;
import dev.openmemory.backup.spi.TrialFolders;
import dev.openmemory.backup.spi.TrialServer;
import dev.openmemory.backup.spi.TrialServerProvider;
import dev.openmemory.backup.testkit.qdrant.QdrantDouble;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Plays Qdrant in this process.
 *
 * <p>Options: {@code log}, required, is a file that says whether it runs; {@code loses} is a file
 * of the storage that it does not find; {@code deaf} lets it never serve; {@code refuses} is a
 * pattern of requests that it answers with status 500; {@code unsearchable} is the id of a point
 * that no search finds.
 */
public final class DoubleServerProvider implements TrialServerProvider {
  private static final String TYPE = "double";

  /** For {@link java.util.ServiceLoader}. */
  public DoubleServerProvider() {}

  public static DrillRequest.Server server(Path log, Map<String, String> more) {
    Map<String, String> options = new HashMap<>(more);
    options.put("log", log.toString());
    return new DrillRequest.Server(TYPE, options, true);
  }

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public TrialServer open(ProviderOptions options) {
    return new DoubleServer(options);
  }

  private static final class DoubleServer implements TrialServer {
    private final ProviderOptions options;
    private Optional<QdrantDouble> running = Optional.empty();

    DoubleServer(ProviderOptions options) {
      this.options = options;
    }

    @Override
    public String prepare(Facts stated, RunContext context) {
      return "double";
    }

    @Override
    public void start(TrialFolders folders, RunContext context) throws IOException {
      if (options.text("loses").isPresent()) {
        Files.delete(folders.storage().resolve(options.text("loses").get()));
      }
      QdrantDouble started = QdrantDouble.start(folders.storage());
      options
          .text("refuses")
          .ifPresent(pattern -> started.refuse(pattern, 1000, 500, "OutputTooSmall"));
      options.text("unsearchable").ifPresent(started::unsearchable);
      running = Optional.of(started);
      log("started");
    }

    @Override
    public Optional<URI> address() {
      return options.text("deaf").isPresent() ? Optional.empty() : running.map(QdrantDouble::uri);
    }

    @Override
    public Optional<String> ended() {
      return Optional.empty();
    }

    @Override
    public String lastWords() {
      return "loading for ever";
    }

    @Override
    public void close() throws IOException {
      if (running.isPresent()) {
        running.get().close();
        running = Optional.empty();
        log("closed");
      }
    }

    private void log(String line) throws IOException {
      Path file = Path.of(options.text("log").orElseThrow());
      Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
  }
}
