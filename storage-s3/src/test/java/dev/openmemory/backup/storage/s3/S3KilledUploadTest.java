package dev.openmemory.backup.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.ObjectInfo;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Processes are killed at each request that an upload consists of, while another one uploads. */
@Tag("long")
@ExtendWith(AwsKeys.class)
class S3KilledUploadTest {
  private static final int KILLS = 30;
  private static final long DEADLINE_SECONDS = 60;
  private static final ObjectName LIVING = new ObjectName("living");

  private final List<Process> processes = new ArrayList<>();
  private S3Server server;
  private S3Client raw;
  private String bucket;

  @BeforeEach
  void start() throws Exception {
    server = S3ProxyServer.shared();
    raw = server.client();
    bucket = server.createBucket();
  }

  @AfterEach
  void end() {
    processes.forEach(Process::destroyForcibly);
    raw.close();
  }

  @Test
  void theNextSweepLeavesNothingOfAnyOfThemAndTheLivingAlone() throws Exception {
    Process living = startLiving();
    List<String> swept = new ArrayList<>();
    try (S3BackupTarget target = target()) {
      for (int kill = 0; kill < KILLS; kill++) {
        ObjectName name = new ObjectName("killed-" + kill);
        killAt(name, kill / 3, Moment.values()[kill % 3]);

        swept.addAll(target.sweepLeftovers());

        assertThat(openUploads()).as("after kill %s", kill).containsExactly(LIVING.value());
        assertThat(records()).as("after kill %s", kill).hasSize(1);
        assertThat(target.list(name.value()).stream().map(ObjectInfo::size))
            .as("after kill %s", kill)
            .isSubsetOf((long) DyingWriter.TWO_PARTS_AND_SOME);
      }

      finish(living);
      assertThat(living.exitValue()).isZero();
      assertThat(target.stat(LIVING).orElseThrow().size())
          .isEqualTo(DyingWriter.TWO_PARTS_AND_SOME);
      assertThat(openUploads()).isEmpty();
      assertThat(records()).isEmpty();
    }
    assertThat(swept).as("so that it was not the kills that were in vain").hasSizeGreaterThan(5);
  }

  private Process startLiving() throws Exception {
    Process living = DyingWriter.start(options(server.endpoint()), location(), LIVING, false);
    processes.add(living);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    while (!openUploads().contains(LIVING.value())) {
      assertThat(living.isAlive() && System.nanoTime() < deadline).isTrue();
      Thread.sleep(20);
    }
    return living;
  }

  /** When a writer dies that has sent a request. */
  private enum Moment {
    /** The store gets half of the body, or nothing. */
    WITHIN {
      @Override
      void happen(FaultyStore.Exchange exchange, Process writer) throws IOException {
        exchange.takeHalf();
        writer.destroyForcibly().onExit().join();
        exchange.reset();
      }
    },
    /** The store does what it is asked for, and its answer finds nobody. */
    BEFORE_THE_ANSWER {
      @Override
      void happen(FaultyStore.Exchange exchange, Process writer) throws IOException {
        exchange.takeBody();
        writer.destroyForcibly().onExit().join();
        exchange.forward();
        exchange.reset();
      }
    },
    AFTER_THE_ANSWER {
      @Override
      void happen(FaultyStore.Exchange exchange, Process writer) throws IOException {
        exchange.reply(exchange.forward());
        writer.destroyForcibly().onExit().join();
        exchange.reset();
      }
    };

    abstract void happen(FaultyStore.Exchange exchange, Process writer) throws IOException;
  }

  /** Kills a writer at its request of that number. */
  private void killAt(ObjectName name, int number, Moment moment) throws Exception {
    try (FaultyStore store = FaultyStore.before(server)) {
      AtomicInteger sent = new AtomicInteger();
      CompletableFuture<Process> writer = new CompletableFuture<>();
      CountDownLatch over = new CountDownLatch(1);
      store.next(
          request -> sent.getAndIncrement() == number,
          exchange -> {
            try {
              moment.happen(exchange, writer.join());
            } finally {
              over.countDown();
            }
          });
      writer.complete(DyingWriter.start(options(store.endpoint()), location(), name, true));
      processes.add(writer.join());
      finish(writer.join());
      assertThat(over.await(DEADLINE_SECONDS, TimeUnit.SECONDS) || sent.get() <= number).isTrue();
    }
  }

  private static void finish(Process writer) throws InterruptedException, IOException {
    try (var in = writer.getOutputStream()) {
      in.write('\n');
    } catch (IOException e) {
      // It is dead already.
    }
    assertThat(writer.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
  }

  private URI location() {
    return URI.create("s3://" + bucket);
  }

  private Map<String, String> options(URI endpoint) {
    Map<String, String> options = new HashMap<>(server.options().values());
    options.put("endpoint", endpoint.toString());
    return options;
  }

  private S3BackupTarget target() throws Exception {
    return new S3BackupTarget(
        S3Location.parse(location()),
        S3Options.of(server.options()),
        Patience.DEFAULT,
        Clock.systemUTC());
  }

  private List<String> openUploads() {
    return raw.listMultipartUploads(r -> r.bucket(bucket)).uploads().stream()
        .map(MultipartUpload::key)
        .toList();
  }

  private List<String> records() {
    return raw.listObjectsV2(r -> r.bucket(bucket)).contents().stream()
        .map(S3Object::key)
        .filter(key -> key.contains(".openmemory-backup/uploads/"))
        .toList();
  }
}
