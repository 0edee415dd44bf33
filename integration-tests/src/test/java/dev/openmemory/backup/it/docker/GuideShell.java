package dev.openmemory.backup.it.docker;

import dev.openmemory.backup.cli.Main;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A shell in the home of a stack in which the commands of the guide and ours mean what they say:
 * the names of its project, its volume and its image are those of the stack, because a test has
 * names of its own and no registry.
 */
final class GuideShell {
  /** Warnings of the sample, which holds a literal key. */
  private static final String OURS =
      """
      #!/bin/sh
      "$JAVA_OF_TEST" -XX:TieredStopAtLevel=1 -Dopenmemory.launcher="$0" -cp "$CLASS_PATH_OF_TEST" \
        %s "$@" || [ $? = 3 ]
      """;

  /** Debian's does not read the address from the environment. */
  private static final String AWS =
      """
      #!/bin/sh
      PATH=${PATH#*:}
      exec aws --endpoint-url "$OPENMEMORY_BACKUP_S3_ENDPOINT" "$@"
      """;

  private static final String DOCKER =
      """
      #!/bin/bash
      if [ "$1" = compose ]; then
        exec docker-compose --project-name "$PROJECT_OF_TEST" "${@:2}"
      fi
      arguments=()
      for argument in "$@"; do
        case $argument in
          alpine) arguments+=("$IMAGE_OF_TEST") ;;
          *) arguments+=("${argument//openmemory_mem0_storage/$VOLUME_OF_TEST}") ;;
        esac
        [ "${#arguments[@]}" != 1 ] || [ "$1" != run ] || arguments+=(--label "$LABEL_OF_TEST")
      done
      PATH=${PATH#*:}
      exec docker "${arguments[@]}"
      """;

  private final Path home;
  private final Path programs;
  private final Map<String, String> names;

  GuideShell(DockerStack stack, Path programs) throws IOException {
    this.home = stack.home();
    this.programs = Files.createDirectories(programs);
    this.names =
        Map.of(
            "PROJECT_OF_TEST", stack.project(),
            "VOLUME_OF_TEST", stack.storeVolume(),
            "IMAGE_OF_TEST", StackImages.shared().store(),
            "LABEL_OF_TEST", StackImages.RUN_LABEL,
            "JAVA_OF_TEST", Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "CLASS_PATH_OF_TEST", System.getProperty("java.class.path"));
    program("openmemory-backup", OURS.formatted(Main.class.getName()));
    program("docker", DOCKER);
    program("aws", AWS);
    for (String script : List.of("backup_all.sh", "restore_all.sh")) {
      copyScript(script);
    }
  }

  private void program(String name, String text) throws IOException {
    Path file = Files.writeString(programs.resolve(name), text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private void copyScript(String name) throws IOException {
    Path folder = Files.createDirectories(home.resolve("backup-scripts"));
    try (InputStream script =
        Objects.requireNonNull(GuideShell.class.getResourceAsStream("/backup-scripts/" + name))) {
      Files.copy(script, folder.resolve(name));
    }
    Files.setPosixFilePermissions(
        folder.resolve(name), PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** What {@link #runApart} needs. */
  static boolean canRunApart() {
    return Stream.of(
                "unshare",
                "busybox",
                "sshd",
                "ssh",
                "scp",
                "ssh-keygen",
                "rsync",
                "crontab",
                "curl",
                "aws",
                "versitygw")
            .allMatch(Docker::hasProgram)
        && Docker.outcomeOf(
                List.of("unshare", "--mount", "--net", "--pid", "--fork", "--mount-proc", "true"))
            .isSuccess();
  }

  /** Answers each question with yes; what is printed comes back when all commands succeed. */
  String run(String commands) throws Exception {
    return run(List.of(), commands);
  }

  /**
   * As {@link #run}, with what the guide takes for granted: a host backup.example, a bucket
   * my-bucket, a Qdrant at localhost:6333 with a collection openmemory of three points, a crontab
   * of its own. No port of a container can be reached from there, and all of it ends with the
   * commands.
   */
  String runApart(String commands) throws Exception {
    Path servers = Files.createTempDirectory(programs, "servers");
    String withSshd = Path.of(System.getProperty("openmemory.root"), ".ci/with-sshd").toString();
    try (InputStream apart =
        Objects.requireNonNull(GuideShell.class.getResourceAsStream("/guide/apart.sh"))) {
      Files.copy(apart, servers.resolve("apart.sh"));
    }
    return run(
        List.of("env", "HOME=" + servers.resolve("me"), withSshd, servers.toString()),
        ". " + servers.resolve("apart.sh") + " " + servers + "\n" + commands);
  }

  private String run(List<String> surroundings, String commands) throws Exception {
    Path output = Files.createTempFile(programs, "output", ".txt");
    List<String> command = new ArrayList<>(surroundings);
    command.addAll(List.of("bash", "-euo", "pipefail", "-c", commands));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(home.toFile())
            .redirectInput(Files.writeString(programs.resolve("answers"), "yes\nyes\n").toFile())
            .redirectErrorStream(true)
            .redirectOutput(Redirect.to(output.toFile()));
    builder.environment().putAll(names);
    builder.environment().put("PATH", programs + ":" + System.getenv("PATH"));
    Process process = builder.start();
    try {
      if (!process.waitFor(3, TimeUnit.MINUTES)) {
        throw new AssertionError("does not end: " + commands);
      }
    } finally {
      process.destroyForcibly();
    }
    String said = Files.readString(output);
    if (process.exitValue() != 0) {
      throw new AssertionError("exit code " + process.exitValue() + ": " + commands + said);
    }
    return said;
  }
}
