package dev.openmemory.backup.it.docker;

import java.time.Instant;

/** What the engine says of a container. One that is paused counts as running, too. */
record ContainerState(
    String id, String status, boolean isRunning, boolean isPaused, Instant startedAt) {
  static ContainerState of(String container) {
    String[] fields =
        Docker.inspect(
                container,
                "{{.Id}} {{.State.Status}} {{.State.Running}} {{.State.Paused}} {{.State.StartedAt}}")
            .split(" ", -1);
    return new ContainerState(
        fields[0],
        fields[1],
        Boolean.parseBoolean(fields[2]),
        Boolean.parseBoolean(fields[3]),
        Instant.parse(fields[4]));
  }
}
