package dev.openmemory.backup.storage.sftp;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.WriteOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A process that ends in the middle of a write. */
final class DyingWriter {
  private static final String READY = "most is sent";

  private DyingWriter() {}

  /** Leaves what a dead writer leaves that has sent so many bytes, without a JVM of its own. */
  static void dieHere(
      KnownServer server, String path, ObjectName name, Pattern content, long sent, boolean known) {
    BackupTarget target = server.target(path, 1, KnownServer.TIMEOUT, new TestMachine().ended());
    assertThatThrownBy(
            () ->
                target.write(
                    name, content.stoppingAt(sent, target::close, known), WriteOptions.CREATE_ONLY))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  /** Returns when the writer is dead that has sent so many bytes of a known content. */
  static void die(KnownServer server, String path, ObjectName name, Pattern content, long sent)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.addAll(List.of(DyingWriter.class.getName(), String.valueOf(server.port())));
    command.addAll(List.of(server.user(), server.identity().toString()));
    command.addAll(List.of(server.knownHosts().toString(), path, name.value()));
    command.addAll(List.of(String.valueOf(content.seed()), String.valueOf(content.size())));
    command.add(String.valueOf(sent));
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
    KnownServer server =
        new KnownServer(
            Integer.parseInt(arguments[0]),
            arguments[1],
            Path.of(arguments[2]),
            Path.of(arguments[3]));
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
      throw new IOException("the parent is gone");
    }
  }
}
