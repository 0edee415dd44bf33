package dev.openmemory.backup.it.docker;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** What the engine says of a container. One that is paused counts as running, too. */
record ContainerState(
    String id, String status, boolean isRunning, boolean isPaused, Instant startedAt) {
  static ContainerState of(String container) {
    return ofEach(List.of(container)).get(0);
  }

  /** In the same order. */
  static List<ContainerState> ofEach(List<String> containers) {
    List<String> inspect =
        List.of(
            "inspect",
            "--format",
            "{{.Id}} {{.State.Status}} {{.State.Running}} {{.State.Paused}} {{.State.StartedAt}}");
    return Docker.run(Stream.concat(inspect.stream(), containers.stream()).toList())
        .lines()
        .map(ContainerState::parse)
        .toList();
  }

  private static ContainerState parse(String line) {
    String[] fields = line.split(" ", -1);
    return new ContainerState(
        fields[0],
        fields[1],
        Boolean.parseBoolean(fields[2]),
        Boolean.parseBoolean(fields[3]),
        Instant.parse(fields[4]));
  }
}
