package dev.openmemory.backup.it.docker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** By a compose file in the home and the real {@code docker-compose}. */
record Composed() implements StackMaker {
  static boolean isPossible() {
    return Docker.hasProgram("docker-compose");
  }

  @Override
  public void make(StackPlan plan) {
    try {
      Files.writeString(plan.composeFile(), text(plan));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Docker.expectSuccess(
        List.of(
            "docker-compose",
            "--project-name",
            plan.project(),
            "--file",
            plan.composeFile().toString(),
            "up",
            "--detach"));
  }

  /** Every value is quoted as JSON is, which YAML takes. */
  private static String text(StackPlan plan) {
    return """
        version: "3.8"
        services:
        %s
        volumes:
        %s
        networks:
          default:
            labels: %s
        """
        .formatted(
            StackPlan.SERVICES.stream().map(s -> service(plan, s)).collect(Collectors.joining()),
            plan.layout().volumes().stream()
                .map(volume -> "  " + volume + ": {labels: " + list(plan.labels()) + "}\n")
                .collect(Collectors.joining()),
            list(plan.labels()));
  }

  private static String service(StackPlan plan, String service) {
    List<String> labels =
        Stream.concat(plan.labels().stream(), Stream.of(StackPlan.SERVICE_LABEL + "=" + service))
            .toList();
    boolean isStore = service.equals(StackPlan.STORE);
    String text =
        """
          %s:
            image: "%s"
            labels: %s
            environment: %s
            volumes: %s
            ports: %s
        """
            .formatted(
                service,
                plan.image(service),
                list(labels),
                list(plan.environment(service)),
                list(plan.mounts(service)),
                list(isStore ? List.of("127.0.0.1::6333") : List.of()));
    return service.equals(StackPlan.UI)
        ? text + "    command: " + list(StackPlan.UI_COMMAND) + "\n"
        : text;
  }

  private static String list(List<String> values) {
    return values.stream()
        .map(value -> '"' + value + '"')
        .collect(Collectors.joining(", ", "[", "]"));
  }
}
