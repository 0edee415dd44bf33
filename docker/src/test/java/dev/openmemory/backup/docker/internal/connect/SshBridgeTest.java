package dev.openmemory.backup.docker.internal.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SshBridgeTest {
  private static Endpoint endpoint(String uri) {
    return new Endpoint(uri, Optional.empty(), Optional.empty(), "a test");
  }

  @Test
  void onlyThisUserReachesTheSocketAndItGoesWithTheBridge() throws IOException {
    Path socket;
    try (SshBridge bridge =
        SshBridge.to(endpoint("ssh://far"), List.of("ssh"), Map.of()).orElseThrow()) {
      socket = bridge.local().socket().orElseThrow();
      assertThat(socket).exists();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket.getParent())))
          .isEqualTo("rwx------");
    }
    assertThat(socket.getParent()).doesNotExist();
  }

  @Test
  void anEngineOfThisHostNeedsNone() throws IOException {
    for (String uri : List.of("unix:///var/run/docker.sock", "tcp://far:2375")) {
      assertThat(SshBridge.to(endpoint(uri), List.of("ssh"), Map.of())).isEmpty();
    }
  }
}
