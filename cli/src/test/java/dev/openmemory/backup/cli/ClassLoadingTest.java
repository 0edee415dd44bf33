package dev.openmemory.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The libraries of one kind of target are no burden to those who use another. */
class ClassLoadingTest {
  private static final String SDK = "software.amazon.awssdk";
  private static final String SSHJ = "net.schmizz.sshj";

  @TempDir Path temp;

  @Test
  void onlyABucketLoadsTheSdk() throws Exception {
    assertThat(loadedBy(temp.resolve("backups").toString()))
        .noneMatch(c -> c.contains(SDK))
        .noneMatch(c -> c.contains(SSHJ));
    // The log would show it: here it is needed to make the client.
    assertThat(loadedBy("s3://bucket/om?region=nowhere&ca-file=" + temp.resolve("none")))
        .anyMatch(c -> c.contains(SDK));
  }

  @Test
  void onlyAHostLoadsTheSshLibrary() throws Exception {
    assertThat(loadedBy("s3://bucket/om?region=nowhere&ca-file=" + temp.resolve("none")))
        .noneMatch(c -> c.contains(SSHJ));
    try (WebPages noSsh = WebPages.start()) {
      String target = noSsh.endpoint().replace("http:", "sftp:") + "/om?ssh-config=/dev/null";
      assertThat(loadedBy(target)).anyMatch(c -> c.contains(SSHJ));
    }
  }

  private List<String> loadedBy(String target) throws IOException, InterruptedException {
    Path log = temp.resolve("classes.log");
    Process list =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:class+load:file=" + log,
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName(),
                "list",
                "--home",
                temp.toString(),
                "--target",
                target)
            .redirectErrorStream(true)
            .start();
    list.getInputStream().readAllBytes();
    list.waitFor();
    return Files.readAllLines(log);
  }
}
