package dev.openmemory.backup.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.RestoreRequest;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.storage.s3.internal.part.PartPlan;
import dev.openmemory.backup.testconditions.JavaCommand;
import dev.openmemory.backup.testconditions.Seeds;
import dev.openmemory.backup.testconditions.Soak;
import dev.openmemory.backup.testconditions.SoakTest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Whole backups in a bucket, also of processes that are killed while they make one. */
@ExtendWith(AwsKeys.class)
class S3BackupTest {
  private static final int MOST_MILLIS = 1500;
  private static final long DEADLINE_SECONDS = 60;

  @TempDir Path temp;
  private Path home;
  private S3Server server;
  private String bucket;

  @BeforeEach
  void make() throws Exception {
    server = S3ProxyServer.shared();
    bucket = server.createBucket();
    home = temp.resolve("openmemory");
  }

  /** More than two parts of vectors, which cannot be compressed, and a configuration. */
  private void fillHome(long part) throws IOException {
    Path collection = Files.createDirectories(storage(home).resolve("collections/openmemory"));
    byte[] segment = new byte[Math.toIntExact(2 * part + 1000)];
    Seeds.random().nextBytes(segment);
    Files.write(collection.resolve("segment.dat"), segment);
    Files.writeString(collection.resolve("config.json"), "{}");
    Files.writeString(storage(home).resolve("raft_state.json"), "{}");
    Files.createDirectories(home.resolve("api"));
    Files.writeString(home.resolve("api/config.json"), "{}");
  }

  @Test
  void aBackupComesBackFromABucketInWhichARunEnded() throws Exception {
    BackupName name = new BackupName("first");
    fillHome(server.smallestPart());
    try (BackupTarget target = server.target(location())) {
      EndedRun.write(
          server,
          location(),
          new ObjectName("ended/vectors"),
          StoreRequest.Kind.COMPLETE.visible(),
          EndedRun.UNHEARD);
      assertThat(leftovers()).hasSize(2);
      Backups backups = Backups.in(target);
      backUp(backups, home, "first");

      assertThat(leftovers()).isEmpty();
      assertThat(backups.list()).extracting(BackupSummary::name).containsExactly(name);

      assertThat(backups.verify(name).problems()).isEmpty();
      Path copy = temp.resolve("copy");
      // There is no database, so that the vectors come alone.
      backups.restore(
          name, Installation.inFolder(copy), RestoreRequest.STANDARD.acceptingMismatch());

      Path segment = Path.of("collections/openmemory/segment.dat");
      assertThat(storage(copy).resolve(segment))
          .hasSameBinaryContentAs(storage(home).resolve(segment));
      backups.delete(name);
      assertThat(target.list("")).isEmpty();
    }
  }

  @SoakTest
  void whatKilledRunsLeaveGoesWithTheNextAndIsNeverABackup() throws Exception {
    fillHome(PartPlan.SMALLEST_PART);
    try (BackupTarget target = server.target(location())) {
      Backups backups = Backups.in(target);
      Soak.rounds(
          random -> {
            killAfter(random.nextInt(MOST_MILLIS), "killed-" + Seeds.seed());
            BackupName whole = new BackupName("whole-" + Seeds.seed());

            backUp(backups, home, whole.toString());

            assertThat(leftovers()).isEmpty();
            for (BackupSummary listed : backups.list()) {
              assertThat(backups.verify(listed.name()).problems()).as("%s", listed).isEmpty();
            }
            assertThat(backups.list()).extracting(BackupSummary::name).contains(whole);
            backups.delete(whole);
          });
    }
  }

  private void killAfter(int millis, String name) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            JavaCommand.of(
                S3BackupTest.class,
                List.of("-XX:TieredStopAtLevel=1"),
                location(),
                server.endpoint(),
                home,
                name));
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
    try (BackupTarget target =
        new S3BackupTargetProvider()
            .open(URI.create(arguments[0]), new ProviderOptions("s3", options))) {
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
    List<String> left = new ArrayList<>(server.records(bucket));
    left.addAll(server.openUploads(bucket));
    return left;
  }

  private URI location() {
    return URI.create("s3://" + bucket + "/om");
  }

  private static Path storage(Path home) {
    return home.resolve("qdrant-storage");
  }
}
