package dev.openmemory.backup.cli.schedule;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * A CronJob of Kubernetes. In its container the home is {@link #HOME}.
 *
 * @param image in which {@code openmemory-backup} is on the PATH
 * @param homeClaim name of the PersistentVolumeClaim with the OpenMemory folder
 * @param targetClaim of the one that a target directory outside of the home is on
 */
public record CronJob(String image, String homeClaim, Optional<String> targetClaim) {
  /** Where the home is in the container. */
  public static final Path HOME = Path.of("/openmemory");

  /** Where a target outside of the home is in the container. */
  public static final Path TARGET = Path.of("/backups");

  /**
   * The text with its comments, without a line end at its end.
   *
   * @param arguments of {@code openmemory-backup}, with paths of the container
   */
  public String text(List<String> arguments, Times times, Random random) {
    String args =
        arguments.stream()
            .map(argument -> "                - " + quoted(argument.replace("$", "$$")) + "\n")
            .collect(Collectors.joining());
    return head(times, random)
        + args
        + """
                      envFrom:
                        - secretRef:
                            name: openmemory-backup
                            optional: true
                      volumeMounts:
        """
        + mount("home", HOME)
        + targetClaim.map(claim -> mount("target", TARGET)).orElse("")
        + "          volumes:\n"
        + volume("home", homeClaim)
        + targetClaim.map(claim -> volume("target", claim)).orElse("").stripTrailing();
  }

  private String head(Times times, Random random) {
    return String.format(
        Locale.ROOT,
        """
        # Backs up OpenMemory %s, in the time zone of the cluster. Apply with: kubectl apply -f FILE
        # The image has to have openmemory-backup on its PATH. It cannot pause containers from in there: name the
        # vectors with --storage-path, or take snapshots with --qdrant-url.
        # Keys belong in the Secret openmemory-backup. Its members become environment variables.
        apiVersion: batch/v1
        kind: CronJob
        metadata:
          name: openmemory-backup
        spec:
          schedule: %s
          concurrencyPolicy: Forbid
          startingDeadlineSeconds: %d
          jobTemplate:
            spec:
              backoffLimit: 0
              template:
                spec:
                  restartPolicy: Never
                  containers:
                    - name: backup
                      image: %s
                      command: ["openmemory-backup"]
                      args:
        """,
        times.sentence(),
        quoted(times.drawn(random).cron()),
        times.deadlineSeconds(),
        quoted(image));
  }

  private static String mount(String name, Path path) {
    return "                - name: " + name + "\n                  mountPath: " + path + "\n";
  }

  private static String volume(String name, String claim) {
    return "            - name: "
        + name
        + "\n              persistentVolumeClaim:\n                claimName: "
        + quoted(claim)
        + "\n";
  }

  /** In double quotes, where YAML is like JSON. */
  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
