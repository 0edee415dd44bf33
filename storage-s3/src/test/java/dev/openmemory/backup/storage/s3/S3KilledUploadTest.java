package dev.openmemory.backup.storage.s3;

import static dev.openmemory.backup.storage.s3.EndedRun.UNANSWERED;
import static dev.openmemory.backup.storage.s3.EndedRun.UNHEARD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.WriteOptions;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Runs end with each request that an upload consists of, while another one uploads. */
@ExtendWith(AwsKeys.class)
class S3KilledUploadTest {
  private static final int KILLS = 5;
  private static final long DEADLINE_SECONDS = 60;
  private static final ObjectName LIVING = new ObjectName("living");

  private S3Server server;
  private String bucket;
  private int sweeps;

  @BeforeEach
  void start() throws Exception {
    server = S3ProxyServer.shared();
    bucket = server.createBucket();
  }

  private interface Runs {
    /** What they leave is for that target to sweep. */
    void happen(S3BackupTarget target) throws IOException;
  }

  @Test
  void theNextSweepLeavesNothingOfAnyOfThemAndTheLivingAlone() throws Exception {
    besideTheLiving(
        target -> {
          // A run whose next request finds no store leaves the same.
          int number = 0;
          while (EndedRun.write(server, location(), name(number), request(number), UNANSWERED)) {
            assertSwept(target, name(number), EndedRun.size(server));
            number++;
          }
          assertThat(number).as("requests of an upload").isGreaterThan(20);
        });
    assertThat(sweeps).as("so that the runs did not end in vain").isGreaterThan(15);
  }

  @Test
  @Tag("services")
  void soItIsWithProcessesThatAreKilled() throws Exception {
    besideTheLiving(
        target -> {
          for (int kill = 0; kill < KILLS; kill++) {
            Fault end = kill % 2 == 0 ? UNANSWERED : UNHEARD;
            kill(name(kill), request(4 * kill), end);
            assertSwept(target, name(kill), KilledWriter.TWO_PARTS_AND_SOME);
          }
        });
    assertThat(sweeps).isPositive();
  }

  private void besideTheLiving(Runs runs) throws IOException {
    int size = EndedRun.size(server);
    try (S3BackupTarget target = server.target(location())) {
      target.write(
          LIVING,
          out -> {
            out.write(new byte[size]);
            runs.happen(target);
          },
          WriteOptions.CREATE_ONLY);

      assertThat(target.stat(LIVING).orElseThrow().size()).isEqualTo(size);
    }
    assertThat(server.openUploads(bucket)).isEmpty();
    assertThat(server.records(bucket)).isEmpty();
  }

  private void assertSwept(S3BackupTarget target, ObjectName name, long size) throws IOException {
    sweeps += target.sweepLeftovers().size();

    assertThat(server.openUploads(bucket)).as("%s", name).containsExactly(LIVING.value());
    assertThat(server.records(bucket)).as("%s", name).hasSize(1);
    assertThat(target.list(name.value()).stream().map(ObjectInfo::size))
        .as("%s", name)
        .isSubsetOf(size);
  }

  private static ObjectName name(int number) {
    return new ObjectName("ended-" + number);
  }

  /** The request of that number. */
  private static Predicate<StoreRequest> request(int number) {
    AtomicInteger sent = new AtomicInteger();
    return request -> sent.getAndIncrement() == number;
  }

  private void kill(ObjectName name, Predicate<StoreRequest> last, Fault end) throws IOException {
    try (FaultyStore store = FaultyStore.before(server)) {
      CompletableFuture<Process> writer = new CompletableFuture<>();
      CompletableFuture<Void> over = new CompletableFuture<>();
      store.next(
          last,
          exchange -> {
            try {
              writer.join().destroyForcibly().onExit().join();
              end.happen(exchange);
            } finally {
              over.complete(null);
            }
          });
      Process process = KilledWriter.start(server.options(store.endpoint()), location(), name);
      writer.complete(process);
      process.onExit().orTimeout(DEADLINE_SECONDS, TimeUnit.SECONDS).join();
      over.orTimeout(DEADLINE_SECONDS, TimeUnit.SECONDS).join();
    }
  }

  private URI location() {
    return URI.create("s3://" + bucket);
  }
}
