package dev.openmemory.backup.benchmarks.peers;

import java.util.List;

/** To an S3 server of this host and back; follows {@link LocalJobs} and uses its files. */
final class S3Jobs {
  private S3Jobs() {}

  static List<Job> all() {
    return List.of(
        new Job(
            "tar czf, rclone copyto",
            "rclone",
            "rm -f $WORK/up.tar.gz",
            "tar czf $WORK/up.tar.gz -C $STORE .;"
                + " rclone --config= copyto $WORK/up.tar.gz store:$BUCKET/guide/up.tar.gz"),
        new Job(
            "restic backup to S3",
            "restic",
            "restic init -q -r $RESTIC_S3/$ROUND",
            "restic backup -q -r $RESTIC_S3/$ROUND $STORE"),
        new Job(
            "ours to S3",
            "tar",
            "",
            "$OURS backup b$ROUND --only vectors --storage-path $STORE --home $WORK/home"
                + " --target \"$S3\" --prove no --quiet"),
        new Job(
            "rclone get from S3",
            "rclone",
            "rm -f $WORK/down.tar.gz",
            "rclone --config= copyto store:$BUCKET/guide/up.tar.gz $WORK/down.tar.gz"),
        new Job(
            "ours restore from S3",
            "tar",
            "rm -rf $WORK/restored",
            "$OURS restore b$ROUND --to $WORK/restored --home $WORK/home --target \"$S3\""
                + " --yes -q"));
  }

  static List<Goal> goals() {
    return List.of(
        Goal.wall("ours to S3", "tar czf, rclone copyto", 0.1),
        Goal.wall("ours to S3", "restic backup to S3", 0.7),
        Goal.wall("ours restore from S3", "rclone get from S3", 1.5));
  }
}
