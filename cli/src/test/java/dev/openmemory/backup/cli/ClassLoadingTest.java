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

  @TempDir Path temp;

  @Test
  void onlyABucketLoadsTheSdk() throws Exception {
    assertThat(loadedBy(temp.resolve("backups").toString())).noneMatch(c -> c.contains(SDK));
    // The log would show it: here it is needed to make the client.
    assertThat(loadedBy("s3://bucket/om?region=nowhere&ca-file=" + temp.resolve("none")))
        .anyMatch(c -> c.contains(SDK));
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
