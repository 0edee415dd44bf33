package dev.openmemory.backup.benchmarks.peers;

import java.util.List;

/** To an sshd of this host; follows {@link LocalJobs} and uses its files. */
final class SftpJobs {
  private static final String BACK_UP =
      " --only vectors --storage-path $STORE --home $WORK/home --target \"$SFTP\" --prove no"
          + " --quiet";

  private SftpJobs() {}

  static List<Job> all() {
    return List.of(
        new Job(
            "sftp put",
            "sftp",
            "echo \"put $WORK/ours/b/qdrant-storage.tar.gz $SFTP_FOLDER/put\" >$WORK/batch",
            "sftp -q -F $SSH_CONFIG -b $WORK/batch server"),
        new Job("ours to SFTP", "tar", "", "$OURS backup b$ROUND" + BACK_UP),
        new Job(
            "ours to SFTP, none", "tar", "", "$OURS backup n$ROUND --compression none" + BACK_UP));
  }

  static List<Goal> goals() {
    return List.of(
        Goal.wall("ours to SFTP", "sftp put", 2), Goal.wall("ours to SFTP, none", "sftp put", 1.3));
  }
}
