package dev.openmemory.backup.benchmarks.peers;

import dev.openmemory.backup.benchmarks.process.Folder;
import dev.openmemory.backup.benchmarks.process.Programs;
import dev.openmemory.backup.benchmarks.report.Output;
import dev.openmemory.backup.benchmarks.s3.VersityGateway;
import dev.openmemory.backup.benchmarks.sftp.SshLink;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Our command line, with a heap of 64 MiB, and the programs that could take its place, in turn.
 * Needs GNU time and Qdrant's storage engine; of the others, what is missing is named and left out.
 */
public final class PeerBenchmark {
  private static final String LAUNCHER = "openmemory.launcher";

  /** Some 6 KiB each. */
  private static final int POINTS = 250_000;

  private final Results results = new Results();
  private final Path store;
  private final int rounds;
  private final int backups;

  private PeerBenchmark(Path store, int rounds, int backups) {
    this.store = store;
    this.rounds = rounds;
    this.backups = backups;
  }

  public static void run(boolean quick) throws Exception {
    int points = Integer.getInteger("openmemory.points", quick ? 4_000 : POINTS);
    Output.line("Whole commands, %d points of 1,536 floats made by Qdrant's engine", points);
    if (Programs.isMissing(Shell.TIME) || System.getProperty(LAUNCHER) == null) {
      return;
    }
    Optional<QdrantStore> engine = QdrantStore.find();
    if (engine.isEmpty()) {
      Output.line("  not measured: a Python with qdrant-edge-py is missing");
      return;
    }
    new PeerBenchmark(engine.get().of(points), quick ? 1 : 5, quick ? 3 : 50).run();
  }

  private void run() throws Exception {
    try (Folder work = Folder.create();
        VersityGateway gateway =
            Programs.isMissing(VersityGateway.PROGRAM) ? null : VersityGateway.start();
        SshLink link = Programs.isMissing("sshd") ? null : SshLink.open()) {
      Map<String, String> environment = environment(work.path());
      List<Job> jobs = new ArrayList<>(LocalJobs.all());
      List<Goal> goals = new ArrayList<>(LocalJobs.goals());
      if (gateway != null) {
        environment.putAll(s3(gateway));
        jobs.addAll(S3Jobs.all());
        goals.addAll(S3Jobs.goals());
      }
      if (link != null) {
        environment.put("SFTP", link.uri());
        environment.put("SFTP_FOLDER", link.store().toString());
        environment.put("SSH_CONFIG", link.configuration().toString());
        jobs.addAll(SftpJobs.all());
        goals.addAll(SftpJobs.goals());
      }
      measure(new Shell(work.path(), environment), jobs, goals);
    }
  }

  private Map<String, String> environment(Path work) {
    Map<String, String> environment = new HashMap<>();
    environment.put("STORE", store.toString());
    environment.put("WORK", work.toString());
    environment.put("OURS", System.getProperty(LAUNCHER));
    // The targets are on this host.
    environment.put("OPENMEMORY_BACKUP_ALLOW_UNENCRYPTED", "true");
    environment.put("BACKUPS", Integer.toString(backups));
    environment.put("OPENMEMORY_BACKUP_JAVA_OPTS", "-Xmx64m");
    environment.put("RESTIC_PASSWORD", "only-on-this-host");
    environment.put("RCLONE_LOG_LEVEL", "ERROR");
    return environment;
  }

  private static Map<String, String> s3(VersityGateway gateway) {
    Map<String, String> environment = new HashMap<>(gateway.environment());
    environment.put("S3", gateway.uri());
    environment.put("BUCKET", VersityGateway.BUCKET);
    environment.put(
        "RESTIC_S3", "s3:" + gateway.endpoint() + "/" + VersityGateway.BUCKET + "/restic");
    environment.put("RCLONE_CONFIG_STORE_TYPE", "s3");
    environment.put("RCLONE_CONFIG_STORE_PROVIDER", "Other");
    environment.put("RCLONE_CONFIG_STORE_ENV_AUTH", "true");
    environment.put("RCLONE_CONFIG_STORE_ENDPOINT", gateway.endpoint());
    environment.put("RCLONE_EXPECT_CONTINUE_TIMEOUT", "0");
    return environment;
  }

  /** Round by round, so that what else the host does meets all of them. */
  private void measure(Shell shell, List<Job> jobs, List<Goal> goals) throws Exception {
    List<Job> present = jobs.stream().filter(job -> !Programs.isMissing(job.program())).toList();
    shell.run(LocalJobs.PREPARATION, 0);
    for (int round = 1; round <= rounds; round++) {
      for (Job job : present) {
        results.add(job.name(), shell.run(job, round));
      }
      Output.line("%n%d rounds%n", round);
      results.print(goals);
    }
  }
}
