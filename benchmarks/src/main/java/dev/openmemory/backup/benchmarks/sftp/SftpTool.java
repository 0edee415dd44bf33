package dev.openmemory.backup.benchmarks.sftp;

import dev.openmemory.backup.benchmarks.process.PipedCommand;
import dev.openmemory.backup.benchmarks.process.Pump;
import dev.openmemory.backup.benchmarks.report.Comparison;
import dev.openmemory.backup.benchmarks.report.Seconds;
import dev.openmemory.backup.benchmarks.report.Stopwatch;
import dev.openmemory.backup.benchmarks.target.TargetTransfer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A program that stores a file on an ssh server, in its permanent storage as we do, and brings it
 * back.
 *
 * @param stored where the server has it then
 * @param received where it is brought to
 */
record SftpTool(
    String name, List<String> upload, List<String> download, Path stored, Path received) {
  private static final String REMOTE = "server:";

  /** Ours, in a JVM that is started for it, with its default heap. */
  static SftpTool ours(SshLink link, Path source) throws IOException {
    Path received = received(link);
    return new SftpTool(
        Comparison.OURS,
        TargetTransfer.upload(link.uri(), source.toString()),
        TargetTransfer.download(link.uri(), received.toString()),
        stored(link),
        received);
  }

  static SftpTool sftp(SshLink link, Path source) throws IOException {
    Path stored = stored(link);
    Path received = received(link);
    Path put = link.file("put", "put -f \"" + source + "\" \"" + stored + "\"\n");
    Path get = link.file("get", "get \"" + stored + "\" \"" + received + "\"\n");
    String configuration = link.configuration().toString();
    return new SftpTool(
        "sftp",
        List.of("sftp", "-q", "-F", configuration, "-b", put.toString(), "server"),
        List.of("sftp", "-q", "-F", configuration, "-b", get.toString(), "server"),
        stored,
        received);
  }

  static SftpTool rsync(SshLink link, Path source) throws IOException {
    Path stored = stored(link);
    Path received = received(link);
    String shell = "--rsh=ssh -F '" + link.configuration() + "'";
    return new SftpTool(
        "rsync",
        List.of("rsync", "--fsync", shell, source.toString(), REMOTE + stored),
        List.of("rsync", shell, REMOTE + stored, received.toString()),
        stored,
        received);
  }

  private static Path stored(SshLink link) {
    return link.server().store().resolve(TargetTransfer.NAME.toString());
  }

  private static Path received(SshLink link) {
    return link.server().folder().path().resolve("received");
  }

  /** Sends a file, and requires the same to arrive and to come back. */
  Seconds transfer(Path source) throws Exception {
    double up = Stopwatch.seconds(() -> new PipedCommand(upload, Map.of()).run());
    double down = Stopwatch.seconds(() -> new PipedCommand(download, Map.of()).run());
    long expected = crc(source);
    if (crc(stored) != expected || crc(received) != expected) {
      throw new IllegalStateException(name + " made other bytes of it");
    }
    return new Seconds(up, down);
  }

  private static long crc(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return Pump.copy(in, OutputStream.nullOutputStream());
    }
  }
}
