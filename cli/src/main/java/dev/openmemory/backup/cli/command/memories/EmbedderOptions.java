package dev.openmemory.backup.cli.command.memories;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.memories.NewVectors;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whether OpenMemory's embedder makes vectors that no backup has. */
final class EmbedderOptions {
  @Option(
      names = "--reembed",
      description = {
        "Have OpenMemory's embedder make the vectors that no backup has.",
        "The texts of these memories are sent to it."
      })
  boolean reembed;

  @Option(
      names = "--embedder-url",
      paramLabel = "URL",
      description =
          "Where the embedder is, as this host reaches it. Default: as OpenMemory's settings say.")
  @Nullable URI url;

  @Option(
      names = "--embedder-key-file",
      paramLabel = "FILE",
      description = "The key of the embedder. Default: as OpenMemory's settings say.")
  @Nullable Path keyFile;

  Optional<NewVectors> newVectors(Session session, String operation) throws IOException {
    if (!reembed) {
      if (url != null || keyFile != null) {
        throw Kind.INVALID.failure(
            operation, "", "--embedder-url and --embedder-key-file need --reembed");
      }
      return Optional.empty();
    }
    return Optional.of(
        new NewVectors(
            Optional.ofNullable(url), Optional.ofNullable(keyFile), session.host().environment()));
  }
}
