package dev.openmemory.backup.benchmarks.sftp;

import dev.openmemory.backup.benchmarks.process.ChildProcess;
import dev.openmemory.backup.benchmarks.process.Folder;
import dev.openmemory.backup.benchmarks.process.PipedCommand;
import dev.openmemory.backup.benchmarks.process.Programs;
import dev.openmemory.backup.benchmarks.process.RandomBytes;
import dev.openmemory.backup.benchmarks.report.Comparison;
import dev.openmemory.backup.benchmarks.report.Output;
import dev.openmemory.backup.benchmarks.target.TargetMemory;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * Our SFTP target against OpenSSH's sftp and rsync, near and far, and its memory. Needs sshd and
 * ssh-keygen; what else is missing is left out.
 */
public final class SftpBenchmark {
  /** Such as across a continent. */
  private static final Duration FAR = Duration.ofMillis(40);

  /** A program that transfers a file over a link. */
  private interface Tool {
    SftpTool over(SshLink link, Path source) throws IOException;
  }

  private final Path source;
  private final Callable<SshLink> links;
  private final Comparison comparison;

  private SftpBenchmark(Path source, Callable<SshLink> links) throws IOException {
    this.source = source;
    this.links = links;
    this.comparison = new Comparison(Files.size(source));
  }

  public static void run(boolean quick) throws Exception {
    long mebibytes = quick ? 64 : 1024;
    Output.line(
        "SFTP, %d MiB that do not compress: a file to a server's disk and back, each with the start"
            + " of its program",
        mebibytes);
    if (Programs.isMissing(SshServer.PROGRAM) || Programs.isMissing("ssh-keygen")) {
      return;
    }
    try (Folder folder = Folder.create()) {
      Path source = random(folder.path().resolve("source"), mebibytes << 20);
      compareNear(source, quick ? 1 : 2);
      compareFar(source, quick ? 1 : 2);
    }
    measureMemory(quick ? 256 : 8192);
  }

  private static Path random(Path file, long size) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      RandomBytes.writeTo(out, size);
    }
    return file;
  }

  private static void compareNear(Path source, int rounds) throws Exception {
    Output.line("  Loopback as it is:");
    new SftpBenchmark(source, SshLink::open).compare(rounds);
  }

  private static void compareFar(Path source, int rounds) throws Exception {
    if (DelayingNamespace.isPossible(FAR)) {
      Output.line("  %d ms there and back, by the kernel:", FAR.toMillis());
      List<String> command =
          ChildProcess.command(List.of(), SftpBenchmark.class, source.toString(), rounds);
      new PipedCommand(DelayingNamespace.around(command, FAR), Map.of()).show();
    } else {
      Output.line("  %d ms there and back, by a proxy:", FAR.toMillis());
      new SftpBenchmark(source, () -> SshLink.delayed(FAR)).compare(rounds);
    }
  }

  /** On a network that delays by itself. Arguments: source, rounds. */
  public static void main(String[] args) throws Exception {
    new SftpBenchmark(Path.of(args[0]), SshLink::open).compare(Integer.parseInt(args[1]));
  }

  private void compare(int rounds) throws Exception {
    measureAll(rounds);
    comparison.print();
    printStart();
  }

  private void measureAll(int rounds) throws Exception {
    boolean sftp = !Programs.isMissing("sftp");
    boolean rsync = !Programs.isMissing("rsync");
    // Round by round: what else the host does meets all of them.
    for (int round = 0; round < rounds; round++) {
      measure(SftpTool::ours);
      if (sftp) {
        measure(SftpTool::sftp);
      }
      if (rsync) {
        measure(SftpTool::rsync);
      }
    }
  }

  private void measure(Tool tool) throws Exception {
    try (SshLink link = links.call()) {
      SftpTool measured = tool.over(link, source);
      comparison.add(measured.name(), measured.transfer(source));
    }
  }

  /** What of ours is not throughput, and weighs more the less there is to carry. */
  private void printStart() throws Exception {
    try (SshLink link = links.call()) {
      Path single = link.file("single", ".");
      Comparison.printStart(SftpTool.ours(link, single).transfer(single));
    }
  }

  private static void measureMemory(long mebibytes) throws Exception {
    try (SshLink link = SshLink.open()) {
      TargetMemory.measure(link.uri(), mebibytes, Map.of());
    }
  }
}
