package dev.openmemory.backup.it.docker;

import java.io.IOException;
import java.util.Map;

/** An environment in which the product finds the engine of this host in one way or the other. */
record EngineAccess(Map<String, String> environment, AutoCloseable proxy) implements AutoCloseable {
  static final String SOCKET = "/var/run/docker.sock";

  static EngineAccess of(Way way) throws IOException {
    return of(way, SOCKET);
  }

  static EngineAccess of(Way way, String socket) throws IOException {
    if (way == Way.ON_THIS_HOST) {
      return new EngineAccess(Map.of("DOCKER_HOST", "unix://" + socket), () -> {});
    }
    EngineProxy proxy = EngineProxy.to(socket);
    return new EngineAccess(Map.of("DOCKER_HOST", proxy.uri()), proxy);
  }

  @Override
  public void close() throws IOException {
    try {
      proxy.close();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
