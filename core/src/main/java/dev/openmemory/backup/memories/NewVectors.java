package dev.openmemory.backup.memories;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * That memories of which no backup has a vector get a new one, from the embedder that OpenMemory's
 * settings name. The texts of these memories are sent to it. Immutable.
 *
 * @param address where the embedder is; empty for the address of the settings
 * @param keyFile holds its key; empty for the key of the settings
 * @param variables in which a key may be that the settings name as {@code env:NAME}; after them the
 *     file {@code .env} beside the configuration is read
 */
public record NewVectors(
    Optional<URI> address, Optional<Path> keyFile, Map<String, String> variables) {
  /** Copies the map. */
  public NewVectors {
    variables = Map.copyOf(variables);
  }

  /** With all that the settings say, and the variables of this process. */
  public static NewVectors ofSettings() {
    return new NewVectors(Optional.empty(), Optional.empty(), System.getenv());
  }

  /** The same with another address of the embedder. */
  public NewVectors at(URI other) {
    return new NewVectors(Optional.of(other), keyFile, variables);
  }

  /** The same with the key in a file. */
  public NewVectors withKeyIn(Path file) {
    return new NewVectors(address, Optional.of(file), variables);
  }

  /** The same with other variables than those of this process. */
  public NewVectors withVariables(Map<String, String> others) {
    return new NewVectors(address, keyFile, others);
  }

  /** Without the variables, which may be secret. */
  @Override
  public String toString() {
    return "NewVectors[" + address + ", " + keyFile + "]";
  }
}
