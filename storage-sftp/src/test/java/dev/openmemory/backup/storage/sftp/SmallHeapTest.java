package dev.openmemory.backup.storage.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.WriteOptions;
import dev.openmemory.backup.testconditions.JavaCommand;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** T9 where it counts: an object that is larger than the heap by far, in a JVM of its own. */
@Tag("services")
class SmallHeapTest extends OnFaultyLine {
  private static final Pattern CONTENT = Pattern.of(7, (512L << 20) + 4711);
  private static final int DEADLINE_MINUTES = 10;

  @Override
  SharedServer shared() {
    return SharedServer.OPENSSH;
  }

  @Test
  void halfAGibibyteGoesUpAndComesDownWithAHeapOf64Mebibytes() throws Exception {
    KnownServer known = place().known();
    Process process =
        new ProcessBuilder(
                JavaCommand.of(
                    SmallHeapTest.class,
                    List.of("-Xmx64m"),
                    known.port(),
                    known.user(),
                    known.identity(),
                    known.knownHosts(),
                    place().path()))
            .redirectErrorStream(true)
            .start();
    try {
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      assertThat(process.waitFor(DEADLINE_MINUTES, TimeUnit.MINUTES)).isTrue();
      assertThat(said).endsWith("all bytes");
    } finally {
      process.destroyForcibly();
    }
  }

  /** The child. */
  @SuppressWarnings("SystemOut")
  public static void main(String[] arguments) throws Exception {
    KnownServer server = KnownServer.of(arguments);
    try (BackupTarget target = server.target(arguments[4])) {
      target.write(NAME, CONTENT.content(), WriteOptions.CREATE_ONLY);
      try (InputStream in = target.read(NAME, 0)) {
        CONTENT.check(in, 0);
        System.out.println("all bytes");
      }
      target.delete(NAME);
    }
  }
}
