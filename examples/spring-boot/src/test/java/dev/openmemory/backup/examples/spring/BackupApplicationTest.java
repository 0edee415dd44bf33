package dev.openmemory.backup.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.spi.BackupTarget;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

class BackupApplicationTest {
  @TempDir Path temp;

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-03-01T02:30:00Z"));

  @BeforeEach
  void unpackTheSample() throws IOException {
    SampleFolder.unpackTo(temp.resolve("openmemory"));
    WatchedTargetProvider.CALLS.clear();
  }

  @AfterEach
  void letWritesPass() {
    WatchedTargetProvider.beforeWriteOfBackup = () -> {};
  }

  @Test
  void healthAndMetricsFollowTheBackups() throws Exception {
    try (ConfigurableApplicationContext context = start()) {
      assertThat(health(context)).isEqualTo(Status.DOWN);
      assertThat(newestAge(context)).isNaN();

      context.getBean(ScheduledBackup.class).run();

      assertThat(health(context)).isEqualTo(Status.UP);
      assertThat(newestAge(context)).isZero();
      assertThat(runs(context, "success")).isOne();
      MeterRegistry meters = context.getBean(MeterRegistry.class);
      long stored =
          context
              .getBean(Backups.class)
              .latest()
              .orElseThrow()
              .manifest()
              .orElseThrow()
              .storedBytes();
      assertThat(meters.get("openmemory.backup.stored.bytes").counter().count()).isEqualTo(stored);
      assertThat(warnings(context, "literal-key")).isOne();
      assertThat(warnings(context, "not-paused")).isOne();

      now.updateAndGet(time -> time.plus(Duration.ofHours(26)));
      assertThat(health(context)).isEqualTo(Status.UP);
      now.updateAndGet(time -> time.plusSeconds(1));
      assertThat(health(context)).isEqualTo(Status.DOWN);
      assertThat(newestAge(context)).isEqualTo(26 * 3600 + 1);
    }
  }

  @Test
  void backupsThatTheSettingsDoNotKeepAreDeleted() throws Exception {
    try (ConfigurableApplicationContext context = start()) {
      for (int day = 0; day < 4; day++) {
        context.getBean(ScheduledBackup.class).run();
        now.updateAndGet(time -> time.plus(Duration.ofDays(1)));
      }

      assertThat(context.getBean(Backups.class).list()).hasSize(2);
      MeterRegistry meters = context.getBean(MeterRegistry.class);
      assertThat(meters.get("openmemory.backup.removed").counter().count()).isEqualTo(2);
    }
  }

  @Test
  void aFailedRunIsCountedAndTheAgeGoesOn() throws Exception {
    try (ConfigurableApplicationContext context = start()) {
      context.getBean(ScheduledBackup.class).run();
      Files.delete(temp.resolve("openmemory/api/openmemory.db"));
      now.updateAndGet(time -> time.plus(Duration.ofDays(2)));

      assertThatThrownBy(context.getBean(ScheduledBackup.class)::run)
          .isInstanceOf(BackupException.class);

      assertThat(runs(context, "failure")).isOne();
      assertThat(runs(context, "success")).isOne();
      assertThat(health(context)).isEqualTo(Status.DOWN);
    }
  }

  @Test
  void theEndOfTheContextEndsARunBeforeItClosesTheTarget() throws Exception {
    Future<?> run;
    try (ConfigurableApplicationContext context = start()) {
      ScheduledBackup backup = context.getBean(ScheduledBackup.class);
      backup.run();
      now.updateAndGet(time -> time.plus(Duration.ofDays(1)));
      CountDownLatch writing = new CountDownLatch(1);
      Cancellation cancellation = context.getBean(Cancellation.class);
      WatchedTargetProvider.beforeWriteOfBackup =
          () -> {
            writing.countDown();
            awaitEnd(cancellation);
          };
      run = context.getBean(ThreadPoolTaskScheduler.class).submit(() -> tried(backup));
      assertThat(writing.await(1, TimeUnit.MINUTES)).isTrue();
    }

    assertThat(run).isDone();
    assertThat(run.get()).isEqualTo(BackupException.Kind.CANCELLED);
    assertThat(WatchedTargetProvider.CALLS).endsWith("close").containsOnlyOnce("close");
    try (BackupTarget target = BackupTargets.open(temp.resolve("backups"))) {
      assertThat(Backups.in(target).list()).hasSize(1);
    }
  }

  private static Object tried(ScheduledBackup backup) {
    try {
      backup.run();
      return "no failure";
    } catch (BackupException e) {
      return e.kind();
    }
  }

  private ConfigurableApplicationContext start() {
    InstantSource instants = now::get;
    return new SpringApplicationBuilder(BackupApplication.class)
        .initializers(
            context ->
                ((GenericApplicationContext) context)
                    .registerBean(
                        "testClock",
                        Clock.class,
                        () -> instants.withZone(ZoneOffset.UTC),
                        definition -> definition.setPrimary(true)))
        .run(
            "--openmemory.backup.home=" + temp.resolve("openmemory"),
            "--openmemory.backup.storage=" + temp.resolve("openmemory/storage"),
            "--openmemory.backup.target=watched:" + temp.resolve("backups"),
            "--openmemory.backup.keep-daily=2",
            "--openmemory.backup.keep-weekly=0",
            "--openmemory.backup.cron=-",
            "--spring.main.banner-mode=off",
            "--logging.level.root=off");
  }

  private static Status health(ConfigurableApplicationContext context) {
    return Objects.requireNonNull(context.getBean(HealthEndpoint.class).healthForPath("backup"))
        .getStatus();
  }

  private static double newestAge(ConfigurableApplicationContext context) {
    MeterRegistry meters = context.getBean(MeterRegistry.class);
    return meters.get("openmemory.backup.newest.age").timeGauge().value(TimeUnit.SECONDS);
  }

  private static long runs(ConfigurableApplicationContext context, String outcome) {
    MeterRegistry meters = context.getBean(MeterRegistry.class);
    return meters.get("openmemory.backup.runs").tag("outcome", outcome).timer().count();
  }

  private static double warnings(ConfigurableApplicationContext context, String code) {
    MeterRegistry meters = context.getBean(MeterRegistry.class);
    return meters.get("openmemory.backup.warnings").tag("code", code).counter().count();
  }

  private static void awaitEnd(Cancellation cancellation) {
    try {
      assertThat(cancellation.await(Duration.ofMinutes(1))).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
