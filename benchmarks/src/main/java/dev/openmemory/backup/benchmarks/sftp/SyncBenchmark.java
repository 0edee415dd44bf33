package dev.openmemory.backup.benchmarks.sftp;

import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.benchmarks.engine.Samples;
import dev.openmemory.backup.benchmarks.process.ChildProcess;
import dev.openmemory.backup.benchmarks.process.Folder;
import dev.openmemory.backup.benchmarks.process.PipedCommand;
import dev.openmemory.backup.benchmarks.process.Programs;
import dev.openmemory.backup.benchmarks.report.Output;
import dev.openmemory.backup.benchmarks.report.Stopwatch;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.sync.SyncRequest;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Many small backups to OpenSSH, by our sync and by rsync, each with the start of its program. */
public final class SyncBenchmark {
  private static final int BYTES = 60 << 10;

  private SyncBenchmark() {}

  public static void run(boolean quick) throws Exception {
    int count = quick ? 50 : 200;
    Output.line(
        "SFTP, %d backups of %d KiB, on loopback, to the server's disk", count, BYTES >> 10);
    if (Programs.isMissing(SshServer.PROGRAM)
        || Programs.isMissing("ssh-keygen")
        || Programs.isMissing("rsync")) {
      return;
    }
    try (Folder folder = Folder.create()) {
      Path source = backups(folder.path(), count);
      double rsync = rsync(source);
      double unverified = ours(source, false);
      double verified = ours(source, true);
      Output.line("  rsync -a          %5.2f s", rsync);
      Output.line(
          "  sync --no-verify  %5.2f s, %.1f times as long", unverified, unverified / rsync);
      Output.line("  sync              %5.2f s, %.1f times as long", verified, verified / rsync);
    }
  }

  private static Path backups(Path folder, int count) throws IOException {
    Path storage = folder.resolve("storage");
    Path collection = Files.createDirectories(storage.resolve("collections/openmemory"));
    Files.writeString(collection.resolve("config.json"), "{}");
    Files.write(collection.resolve("page"), Samples.vectors(BYTES));
    Path backups = folder.resolve("backups");
    try (BackupTarget target = BackupTargets.open(backups)) {
      Backups.in(target)
          .create(
              new Installation(folder, List.of()).withStorage(storage),
              BackupRequest.named("b0").withOnly(Set.of(Component.VECTORS)));
    }
    for (int i = 1; i < count; i++) {
      copy(backups.resolve("b0"), Files.createDirectory(backups.resolve("b" + i)));
    }
    return backups;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(from)) {
      for (Path file : files) {
        Files.copy(file, to.resolve(String.valueOf(file.getFileName())));
      }
    }
  }

  private static double rsync(Path source) throws Exception {
    try (SshLink link = SshLink.open()) {
      List<String> command =
          List.of(
              "rsync",
              "-a",
              "--rsh=ssh -F '" + link.configuration() + "'",
              source + "/",
              "server:" + link.server().store() + "/");
      return Stopwatch.seconds(() -> new PipedCommand(command, Map.of()).run());
    }
  }

  private static double ours(Path source, boolean verify) throws Exception {
    try (SshLink link = SshLink.open()) {
      List<String> command =
          ChildProcess.command(List.of(), SyncBenchmark.class, source, link.uri(), verify);
      return Stopwatch.seconds(() -> new PipedCommand(command, Map.of()).run());
    }
  }

  /** Arguments: folder, URI of the destination, whether what arrives is read back. */
  public static void main(String[] args) throws IOException {
    try (BackupTarget source = BackupTargets.open(Path.of(args[0]));
        BackupTarget destination = BackupTargets.open(args[1], Map.of())) {
      SyncRequest request = SyncRequest.STANDARD;
      Backups.in(source)
          .sync(
              destination, Boolean.parseBoolean(args[2]) ? request : request.withoutVerification());
    }
  }
}
