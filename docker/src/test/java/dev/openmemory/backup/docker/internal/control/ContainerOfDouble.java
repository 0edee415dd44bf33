package dev.openmemory.backup.docker.internal.control;

import dev.openmemory.backup.docker.internal.engine.EngineDouble;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.spi.WriterControl;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** An engine with one container, for the contracts of what its control reports. */
record ContainerOfDouble(EngineDouble engine) {
  static ContainerOfDouble start(Path folder) throws IOException {
    EngineDouble engine = new EngineDouble(folder);
    engine.answer("GET /containers/json", EngineDouble.json(200, "[]"));
    engine.answer("GET /networks", EngineDouble.json(200, "[]"));
    return new ContainerOfDouble(engine);
  }

  /** The container runs with these variables, and publishes the port of Qdrant there. */
  void runs(String name, String variables, int port) {
    String container =
        "{'Id': '%1$s', 'Name': '/%1$s', 'Config': {'Env': [%2$s]}, 'State': {'Status': 'running'},"
            + " 'NetworkSettings': {'Ports': {'6333/tcp': [{'HostIp': '0.0.0.0', 'HostPort':"
            + " '%3$d'}]}}}";
    engine.answer(
        "GET /containers/" + name + "/json",
        EngineDouble.json(200, container.formatted(name, variables, port).replace('\'', '"')));
  }

  WriterControl control(String option, String name) throws IOException {
    Map<String, String> options =
        Map.of("engine", engine.endpoint().key(), "containers", name, option, name);
    return new DockerWriterControlProvider().open(new ProviderOptions("docker", options));
  }
}
