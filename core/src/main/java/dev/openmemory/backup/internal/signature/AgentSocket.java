package dev.openmemory.backup.internal.signature;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Where an agent listens.
 *
 * @param timeout for each answer
 */
public record AgentSocket(Path path, Duration timeout) {
  /** Connects to the agent. */
  SshAgent connect() throws IOException {
    return SshAgent.connect(path, timeout);
  }

  /** The path. */
  @Override
  public String toString() {
    return path.toString();
  }
}
