package dev.openmemory.backup.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.prune.PruneRequest;
import dev.openmemory.backup.prune.RetentionPolicy;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.testconditions.JavaCommand;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bucket without a prefix that others have filled, in a JVM with a small heap. */
@Tag("services")
class CrowdedBucketTest {
  private static final int FLAT = 400_000;
  private static final int DEEP = 600_000;
  private static final int DEADLINE_MINUTES = 5;

  @TempDir Path home;

  @Test
  void aMillionForeignObjectsCostNeitherMemoryNorManyRequests() throws Exception {
    Files.createDirectories(home.resolve("api"));
    Files.writeString(home.resolve("api/config.json"), "{}");
    Stream<String> foreign =
        Stream.concat(
            IntStream.range(0, FLAT).mapToObj(i -> "dump/" + i + ".bin"),
            IntStream.range(0, DEEP).mapToObj(i -> "photos/" + i / 100 + "/" + i + ".jpg"));
    try (CrowdedStore store = CrowdedStore.with(foreign)) {
      ProcessBuilder child =
          new ProcessBuilder(
              JavaCommand.of(CrowdedBucketTest.class, List.of("-Xmx64m"), store.endpoint(), home));
      child.environment().putAll(AwsKeys.environment());
      Process process = child.redirectErrorStream(true).start();
      try {
        String said =
            new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor(DEADLINE_MINUTES, TimeUnit.MINUTES)).isTrue();
        assertThat(said).endsWith("left: [third]");
      } finally {
        process.destroyForcibly();
      }

      assertThat(store.keys()).hasSizeGreaterThan(FLAT + DEEP).contains("third/manifest.json");
      assertThat(store.lists()).as("requests to list").isLessThan(400);
    }
  }

  /** The child. */
  @SuppressWarnings("SystemOut")
  public static void main(String[] arguments) throws Exception {
    Map<String, String> options = Map.of("endpoint", arguments[0], "region", S3Server.REGION);
    try (BackupTarget target =
        new S3BackupTargetProvider()
            .open(URI.create("s3://bucket"), new ProviderOptions("s3", options))) {
      Backups backups = Backups.in(target);
      for (String name : List.of("first", "second", "third")) {
        backups.create(
            Installation.at(Path.of(arguments[1])),
            BackupRequest.named(name).withOnly(Set.of("config")));
      }
      backups.prune(PruneRequest.by(RetentionPolicy.in(ZoneOffset.UTC).keepLast(1)));
      System.out.println("left: " + backups.list().stream().map(BackupSummary::name).toList());
    }
  }
}
