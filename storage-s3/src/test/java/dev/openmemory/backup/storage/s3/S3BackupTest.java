package dev.openmemory.backup.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.RestoreRequest;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.ProviderOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Whole backups in a bucket, also of processes that are killed while they make one. */
@ExtendWith(AwsKeys.class)
class S3BackupTest {
  private static final int KILLS = 10;
  private static final int MOST_MILLIS = 1500;
  private static final long DEADLINE_SECONDS = 60;

  /** More than two parts, when it cannot be compressed. */
  private static final int SEGMENT_BYTES = 12 << 20;

  @TempDir Path temp;
  private Path home;
  private S3Server server;
  private String bucket;

  @BeforeEach
  void make() throws Exception {
    server = S3ProxyServer.shared();
    bucket = server.createBucket();
    home = temp.resolve("openmemory");
    Path collection = Files.createDirectories(storage(home).resolve("collections/openmemory"));
    byte[] segment = new byte[SEGMENT_BYTES];
    new Random(1).nextBytes(segment);
    Files.write(collection.resolve("segment.dat"), segment);
    Files.writeString(collection.resolve("config.json"), "{}");
    Files.writeString(storage(home).resolve("raft_state.json"), "{}");
    Files.createDirectories(home.resolve("api"));
    Files.writeString(home.resolve("api/config.json"), "{}");
  }

  @Test
  void aBackupComesBackFromABucket() throws Exception {
    BackupName name = new BackupName("first");
    try (BackupTarget target = target()) {
      Backups backups = Backups.in(target);
      backUp(backups, home, "first");

      assertThat(backups.verify(name).problems()).isEmpty();
      Path copy = temp.resolve("copy");
      // There is no database, so that the vectors come alone.
      backups.restore(
          name, Installation.inFolder(copy), new RestoreRequest(Set.of(), true, false, false));

      Path segment = Path.of("collections/openmemory/segment.dat");
      assertThat(storage(copy).resolve(segment))
          .hasSameBinaryContentAs(storage(home).resolve(segment));
      backups.delete(name);
      assertThat(target.list("")).isEmpty();
    }
  }

  @Test
  @Tag("long")
  void whatKilledRunsLeaveGoesWithTheNextAndIsNeverABackup(TestReporter reporter) throws Exception {
    long seed = System.nanoTime();
    reporter.publishEntry("seed", String.valueOf(seed));
    Random random = new Random(seed);
    try (BackupTarget target = target()) {
      Backups backups = Backups.in(target);
      for (int kill = 0; kill < KILLS; kill++) {
        killAfter(random.nextInt(MOST_MILLIS), "killed-" + kill);

        backUp(backups, home, "whole-" + kill);

        assertThat(leftovers()).as("after kill %s", kill).isEmpty();
        for (BackupSummary listed : backups.list()) {
          assertThat(backups.verify(listed.name()).problems()).as("%s", listed.name()).isEmpty();
        }
        assertThat(backups.list().stream().map(backup -> backup.name().toString()))
            .contains("whole-" + kill);
        backups.delete(new BackupName("whole-" + kill));
      }
    }
  }

  private void killAfter(int millis, String name) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            S3BackupTest.class.getName(),
            location().toString(),
            server.endpoint().toString(),
            home.toString(),
            name);
    builder.environment().putAll(AwsKeys.environment());
    Process child = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try {
      assertThat(child.getInputStream().read()).as("the child is ready").isEqualTo('!');
      child.waitFor(millis, TimeUnit.MILLISECONDS);
    } finally {
      child.destroyForcibly();
      assertThat(child.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }
  }

  /** The child. */
  @SuppressWarnings("SystemOut")
  public static void main(String[] arguments) throws Exception {
    Map<String, String> options =
        Map.of("endpoint", arguments[1], "region", S3Server.REGION, "part-size", "5MiB");
    try (BackupTarget target = open(URI.create(arguments[0]), options)) {
      System.out.print('!');
      System.out.flush();
      backUp(Backups.in(target), Path.of(arguments[2]), arguments[3]);
    }
  }

  private static void backUp(Backups backups, Path home, String name) throws IOException {
    backups.create(
        Installation.at(home).withStorage(storage(home)),
        BackupRequest.named(name).withOnly(Set.of("config", "vectors")));
  }

  private List<String> leftovers() {
    try (S3Client raw = server.client()) {
      List<String> left =
          new ArrayList<>(
              raw.listObjectsV2(r -> r.bucket(bucket)).contents().stream()
                  .map(S3Object::key)
                  .filter(key -> key.contains(".openmemory-backup/uploads/"))
                  .toList());
      raw.listMultipartUploads(r -> r.bucket(bucket))
          .uploads()
          .forEach(upload -> left.add(upload.key()));
      return left;
    }
  }

  private BackupTarget target() throws IOException {
    return open(location(), server.options().values());
  }

  private static BackupTarget open(URI location, Map<String, String> options) throws IOException {
    return new S3BackupTargetProvider().open(location, new ProviderOptions("s3", options));
  }

  private URI location() {
    return URI.create("s3://" + bucket + "/om");
  }

  private static Path storage(Path home) {
    return home.resolve("qdrant-storage");
  }
}
