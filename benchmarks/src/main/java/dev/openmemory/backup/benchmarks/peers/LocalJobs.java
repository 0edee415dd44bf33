package dev.openmemory.backup.benchmarks.peers;

import java.util.List;

/** From the storage to a folder of the same disk, and back. */
final class LocalJobs {
  private static final String DROP_OURS = "rm -rf $WORK/ours; mkdir -p $WORK/home";
  private static final String BACK_UP =
      "$OURS backup b --only vectors --storage-path $STORE --home $WORK/home --target $WORK/ours"
          + " --new-target --prove no --quiet";

  /** Once, before all rounds: as many small backups as a list is to show, and a warm cache. */
  static final Job PREPARATION =
      new Job(
          "preparation",
          "tar",
          """
          mkdir -p $WORK/home $WORK/tiny/collections/openmemory
          echo {} >$WORK/tiny/raft_state.json
          echo {} >$WORK/tiny/collections/openmemory/config.json
          if command -v restic >/dev/null; then restic init -q -r $WORK/many-restic; fi
          for i in $(seq $BACKUPS); do
            $OURS backup b$i --only vectors --storage-path $WORK/tiny --home $WORK/home \
              --target $WORK/many --prove no --quiet
            ! command -v restic >/dev/null || restic backup -q -r $WORK/many-restic $WORK/tiny
          done
          """,
          "tar cf - $STORE | cat >/dev/null");

  private LocalJobs() {}

  static List<Job> all() {
    return List.of(
        new Job(
            "tar czf",
            "tar",
            "rm -f $WORK/guide.tar.gz",
            "tar czf $WORK/guide.tar.gz -C $STORE .",
            "guide.tar.gz"),
        new Job(
            "tar, pigz -6",
            "pigz",
            "rm -f $WORK/pigz.gz",
            "tar cf - -C $STORE . | pigz -6 >$WORK/pigz.gz",
            "pigz.gz"),
        new Job(
            "restic backup",
            "restic",
            "rm -rf $WORK/restic; restic init -q -r $WORK/restic",
            "restic backup -q -r $WORK/restic $STORE",
            "restic"),
        new Job(
            "tar, zstd -T0 -1, sha256sum",
            "zstd",
            "rm -f $WORK/x.zst",
            "tar cf - -C $STORE . | zstd -q -T0 -1 -o $WORK/x.zst; sha256sum $WORK/x.zst",
            "x.zst"),
        new Job(
            "ours, zstd",
            "tar",
            DROP_OURS,
            BACK_UP + " --compression zstd",
            "ours/b/qdrant-storage.tar.zst"),
        new Job(
            "tar to a file, sha256sum",
            "tar",
            "rm -f $WORK/x.tar",
            "tar cf $WORK/x.tar -C $STORE .; sha256sum $WORK/x.tar",
            "x.tar"),
        new Job(
            "ours, none",
            "tar",
            DROP_OURS,
            BACK_UP + " --compression none",
            "ours/b/qdrant-storage.tar"),
        new Job("ours", "tar", DROP_OURS, BACK_UP, "ours/b/qdrant-storage.tar.gz"),
        new Job("sha256sum", "tar", "", "sha256sum $WORK/ours/b/*"),
        new Job(
            "ours verify", "tar", "", "$OURS verify b --home $WORK/home --target $WORK/ours -q"),
        new Job(
            "tar xzf",
            "tar",
            "rm -rf $WORK/unpacked; mkdir $WORK/unpacked",
            "tar xzf $WORK/guide.tar.gz -C $WORK/unpacked"),
        new Job(
            "ours restore",
            "tar",
            "rm -rf $WORK/restored",
            "$OURS restore b --to $WORK/restored --home $WORK/home --target $WORK/ours --yes -q"),
        new Job("restic snapshots", "restic", "", "restic snapshots -q -r $WORK/many-restic"),
        new Job("ours list", "tar", "", "$OURS list --home $WORK/home --target $WORK/many"));
  }

  static List<Goal> goals() {
    return List.of(
        Goal.wall("ours", "tar czf", 0.08),
        Goal.wall("ours", "restic backup", 0.5),
        Goal.wall("ours, zstd", "tar, zstd -T0 -1, sha256sum", 1),
        Goal.wall("ours, none", "tar to a file, sha256sum", 1.25),
        Goal.wall("ours restore", "tar xzf", 0.3),
        Goal.wall("ours verify", "sha256sum", 0.7),
        Goal.wall("ours list", "restic snapshots", 0.7),
        Goal.bytes("ours", "tar czf", 1.1),
        Goal.cpu("ours", "tar, pigz -6", 0.2));
  }
}
