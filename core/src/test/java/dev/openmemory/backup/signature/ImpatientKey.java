package dev.openmemory.backup.signature;

import dev.openmemory.backup.internal.signature.AgentKey;
import dev.openmemory.backup.internal.signature.AgentSocket;
import dev.openmemory.backup.internal.signature.PrivateKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** A key in an agent that has a millisecond for its answer, so that a silent one ends a test. */
public final class ImpatientKey {
  private ImpatientKey() {}

  /** The agent is not asked whether it holds the key. */
  public static SigningKey of(Path privateKey, Path agent) throws IOException {
    String name = privateKey.toString();
    return new SigningKey(
        new AgentKey(
            PrivateKey.parse(Files.readString(privateKey), name, Optional.empty()).publicKey(),
            new AgentSocket(agent, Duration.ofMillis(1)),
            name));
  }
}
