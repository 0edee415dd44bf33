package dev.openmemory.backup.storage.sftp;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.WriteOptions;
import dev.openmemory.backup.testconditions.JavaCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A process that ends in the middle of a write. */
final class KilledWriter {
  private static final String READY = "most is sent";

  private KilledWriter() {}

  /** Leaves what a killed writer leaves after so many bytes, without a JVM of its own. */
  static void breakOffHere(
      KnownServer server, String path, ObjectName name, Pattern content, long sent, boolean known) {
    BackupTarget target = server.target(path, 1, KnownServer.TIMEOUT, new TestMachine().ended());
    assertThatThrownBy(
            () ->
                target.write(
                    name, content.stoppingAt(sent, target::close, known), WriteOptions.CREATE_ONLY))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  /** Kills a writer after so many bytes of a known content, and waits for its end. */
  static void kill(KnownServer server, String path, ObjectName name, Pattern content, long sent)
      throws Exception {
    List<String> command =
        JavaCommand.of(
            KilledWriter.class,
            List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1"),
            server.port(),
            server.user(),
            server.identity(),
            server.knownHosts(),
            path,
            name.value(),
            content.seed(),
            content.size(),
            sent);
    Process writer =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (BufferedReader said =
        new BufferedReader(
            new InputStreamReader(writer.getInputStream(), StandardCharsets.UTF_8))) {
      String line = said.readLine();
      if (!READY.equals(line)) {
        throw new AssertionError("the writer said " + line);
      }
    } finally {
      writer.destroyForcibly().onExit().join();
    }
  }

  /** The child. */
  @SuppressWarnings("SystemOut")
  public static void main(String[] arguments) throws Exception {
    KnownServer server = KnownServer.of(arguments);
    Pattern content = Pattern.of(Long.parseLong(arguments[6]), Long.parseLong(arguments[7]));
    long sent = Long.parseLong(arguments[8]);
    Pattern.Stop stop =
        () -> {
          System.out.println(READY);
          awaitEndOfParent();
        };
    try (BackupTarget target = server.target(arguments[4])) {
      target.write(
          new ObjectName(arguments[5]),
          content.stoppingAt(sent, stop, true),
          WriteOptions.CREATE_ONLY);
    }
  }

  private static void awaitEndOfParent() throws IOException {
    if (System.in.read() < 0) {
      throw new IOException("the parent has ended");
    }
  }
}
