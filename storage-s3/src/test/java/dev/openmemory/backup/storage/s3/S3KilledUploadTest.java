package dev.openmemory.backup.storage.s3;

import static dev.openmemory.backup.storage.s3.EndedRun.UNANSWERED;
import static dev.openmemory.backup.storage.s3.EndedRun.UNHEARD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.WriteOptions;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Map;
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
    void happen() throws IOException;
  }

  @Test
  void theNextSweepLeavesNothingOfAnyOfThemAndTheLivingAlone() throws Exception {
    besideTheLiving(
        () -> {
          for (Fault end : List.of(UNHEARD, UNANSWERED)) {
            int number = 0;
            while (EndedRun.write(server, location(), name(number, end), request(number), end)) {
              assertSwept(name(number, end), EndedRun.size(server));
              number++;
            }
            assertThat(number).as("requests of an upload").isGreaterThan(15);
          }
        });
    assertThat(sweeps).as("so that the runs did not end in vain").isGreaterThan(20);
  }

  @Test
  @Tag("services")
  void soItIsWithProcessesThatAreKilled() throws Exception {
    besideTheLiving(
        () -> {
          for (int kill = 0; kill < KILLS; kill++) {
            Fault end = kill % 2 == 0 ? UNANSWERED : UNHEARD;
            kill(name(kill, end), request(4 * kill), end);
            assertSwept(name(kill, end), DyingWriter.TWO_PARTS_AND_SOME);
          }
        });
    assertThat(sweeps).isPositive();
  }

  private void besideTheLiving(Runs runs) throws IOException {
    int size = EndedRun.size(server);
    try (S3BackupTarget target = target()) {
      target.write(
          LIVING,
          out -> {
            out.write(new byte[size]);
            runs.happen();
          },
          WriteOptions.CREATE_ONLY);

      assertThat(target.stat(LIVING).orElseThrow().size()).isEqualTo(size);
    }
    assertThat(server.openUploads(bucket)).isEmpty();
    assertThat(server.records(bucket)).isEmpty();
  }

  private void assertSwept(ObjectName name, long size) throws IOException {
    try (S3BackupTarget target = target()) {
      sweeps += target.sweepLeftovers().size();

      assertThat(server.openUploads(bucket)).as("%s", name).containsExactly(LIVING.value());
      assertThat(server.records(bucket)).as("%s", name).hasSize(1);
      assertThat(target.list(name.value()).stream().map(ObjectInfo::size))
          .as("%s", name)
          .isSubsetOf(size);
    }
  }

  private static ObjectName name(int number, Fault end) {
    return new ObjectName((end == UNHEARD ? "unheard-" : "unanswered-") + number);
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
      Process process = DyingWriter.start(server.options(store.endpoint()), location(), name);
      writer.complete(process);
      process.onExit().orTimeout(DEADLINE_SECONDS, TimeUnit.SECONDS).join();
      over.orTimeout(DEADLINE_SECONDS, TimeUnit.SECONDS).join();
    }
  }

  private URI location() {
    return URI.create("s3://" + bucket);
  }

  private S3BackupTarget target() throws IOException {
    return new S3BackupTarget(
        S3Location.parse(location()),
        server.options(server.endpoint(), Map.of()),
        Patience.DEFAULT,
        Clock.systemUTC());
  }
}
