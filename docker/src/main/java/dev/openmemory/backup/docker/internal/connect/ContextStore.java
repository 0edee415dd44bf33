package dev.openmemory.backup.docker.internal.connect;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.internal.json.Json;
import dev.openmemory.backup.internal.text.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The contexts in the configuration folder of the command line of Docker. */
record ContextStore(Path configuration) {
  private static final String READ = "read the Docker configuration";

  /**
   * A context.
   *
   * @param host the address of its engine
   * @param certificates the folder of its certificates, if it has them
   */
  record Context(String host, Optional<String> certificates) {}

  /** The name of the current context, if one was chosen. */
  Optional<String> current() throws IOException {
    return read(configuration.resolve("config.json"))
        .map(json -> json.get("currentContext"))
        .map(Object::toString)
        .filter(name -> !name.isEmpty());
  }

  /** The context of that name; {@code INVALID} when there is none or it has no engine. */
  Context read(String name) throws IOException {
    Path contexts = configuration.resolve("contexts");
    String folder = Sha256.of(name);
    Path meta = contexts.resolve("meta").resolve(folder).resolve("meta.json");
    Map<String, @Nullable Object> json =
        read(meta).orElseThrow(() -> wrong(name, "does not exist in " + contexts));
    String host =
        member(json.get("Endpoints"), "docker")
            .flatMap(docker -> member(docker, "Host"))
            .map(Object::toString)
            .orElseThrow(() -> wrong(name, "names no engine in " + meta));
    Path tls = contexts.resolve("tls").resolve(folder).resolve("docker");
    return new Context(
        host, Files.isDirectory(tls) ? Optional.of(tls.toString()) : Optional.empty());
  }

  private static Optional<Object> member(@Nullable Object json, String name) {
    return json instanceof Map<?, ?> map ? Optional.ofNullable(map.get(name)) : Optional.empty();
  }

  private static BackupException wrong(String name, String fact) {
    return Kind.INVALID.failure(READ, "", "the Docker context '" + name + "' " + fact);
  }

  private static Optional<Map<String, @Nullable Object>> read(Path file) throws IOException {
    try {
      return Optional.of(Json.readObject(Files.readAllBytes(file), file.toString()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw FileFailure.of(READ, file, e);
    }
  }
}
