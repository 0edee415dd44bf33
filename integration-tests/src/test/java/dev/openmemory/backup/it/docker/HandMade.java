package dev.openmemory.backup.it.docker;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** By {@code docker create}, as run.sh does, with or without the labels that Compose would set. */
record HandMade(boolean composeLabels) implements StackMaker {
  @Override
  public void make(StackPlan plan) {
    String network = plan.project() + "_default";
    List<String> create = new ArrayList<>(List.of("network", "create"));
    addLabels(create, plan.labels());
    addComposeLabels(create, plan, List.of("network=default"));
    create.add(network);
    Docker.run(create);
    plan.layout().volumes().forEach(volume -> makeVolume(plan, volume));
    StackPlan.SERVICES.forEach(service -> makeContainer(plan, service, network));
  }

  private void makeVolume(StackPlan plan, String volume) {
    List<String> create = new ArrayList<>(List.of("volume", "create"));
    addLabels(create, plan.labels());
    addComposeLabels(create, plan, List.of("volume=" + volume));
    create.add(plan.project() + "_" + volume);
    Docker.run(create);
  }

  private void makeContainer(StackPlan plan, String service, String network) {
    List<String> create = new ArrayList<>(List.of("create", "--name"));
    create.add(plan.project() + "-" + service + (composeLabels ? "-1" : ""));
    create.addAll(List.of("--network", network, "--network-alias", service));
    addLabels(create, plan.labels());
    addLabels(create, List.of(StackPlan.SERVICE_LABEL + "=" + service));
    addComposeLabels(
        create,
        plan,
        List.of(
            "service=" + service,
            "container-number=1",
            "oneoff=False",
            "project.working_dir=" + plan.home(),
            "project.config_files=" + plan.composeFile()));
    plan.environment(service).forEach(variable -> create.addAll(List.of("--env", variable)));
    plan.mounts(service).forEach(mount -> create.addAll(List.of("--volume", source(plan, mount))));
    if (service.equals(StackPlan.STORE)) {
      create.addAll(List.of("--publish", "127.0.0.1::6333"));
    }
    create.add(plan.image(service));
    if (service.equals(StackPlan.UI)) {
      create.addAll(StackPlan.UI_COMMAND);
    }
    Docker.run(create);
  }

  private static String source(StackPlan plan, String mount) {
    return mount.startsWith("./")
        ? plan.home().resolve(mount.substring(2)).toString()
        : plan.project() + "_" + mount;
  }

  private void addComposeLabels(List<String> command, StackPlan plan, List<String> labels) {
    if (composeLabels) {
      addLabels(
          command,
          Stream.concat(Stream.of("project=" + plan.project()), labels.stream())
              .map(label -> "com.docker.compose." + label)
              .toList());
    }
  }

  private static void addLabels(List<String> command, List<String> labels) {
    labels.forEach(label -> command.addAll(List.of("--label", label)));
  }
}
