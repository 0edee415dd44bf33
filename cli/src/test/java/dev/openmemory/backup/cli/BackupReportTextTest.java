package dev.openmemory.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupReport;
import dev.openmemory.backup.BackupReport.Held;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Manifest;
import dev.openmemory.backup.Manifest.Captured;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.Manifest.Tool;
import dev.openmemory.backup.Quiesce;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.cli.output.AfterBackup;
import dev.openmemory.backup.cli.output.json.JsonRenderer;
import dev.openmemory.backup.cli.output.text.TextRenderer;
import dev.openmemory.backup.cli.settings.warning.UnreportedWarnings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BackupReportTextTest {
  private static final List<Warning> NOTICED = List.of(new Warning("volume-shared", "two write"));

  @Test
  void saysWhoWasHeldAndWhatWasReadFromWhere() {
    assertThat(
            new TextRenderer(Clock.systemUTC(), () -> Duration.ofSeconds(9))
                .created(report(), after()))
        .contains("  paused    0.4 s: openmemory-mcp, mem0_store")
        .contains("  took      9.0 s")
        .contains("  read      vectors from volume openmemory_mem0_storage (by engine)")
        .contains("  warning: two write [volume-shared]")
        .contains("  warning: a lock stays [not-cleaned-up]");
  }

  @Test
  void jsonSaysItToo() {
    JsonNode backup =
        JsonMapper.builder()
            .build()
            .readTree(new JsonRenderer(() -> Duration.ofSeconds(9)).created(report(), after()))
            .get("backup");
    assertThat(backup.get("held").get("how").asString()).isEqualTo("pause");
    assertThat(backup.get("held").get("seconds").asDouble()).isEqualTo(0.4);
    assertThat(backup.get("held").get("writers").get(1).asString()).isEqualTo("mem0_store");
    assertThat(backup.get("elapsedSeconds").asDouble()).isEqualTo(9);
    assertThat(backup.get("noticed").findValuesAsString("code"))
        .containsExactly("not-cleaned-up", "volume-shared");
  }

  @Test
  void whatTheRunWarnsOfIsNotSaidTwice() {
    assertThat(UnreportedWarnings.beyond(NOTICED, NOTICED)).isEmpty();
    assertThat(UnreportedWarnings.beyond(List.of(), NOTICED)).isEqualTo(NOTICED);
  }

  private static BackupReport report() {
    Facts facts = new Facts(Map.of("from", "volume openmemory_mem0_storage", "read", "engine"));
    Manifest manifest =
        new Manifest(
            Manifest.CURRENT_FORMAT,
            "first",
            new Tool("openmemory-backup", "1"),
            "id",
            new Captured(Instant.EPOCH, Instant.EPOCH),
            "pause",
            List.of(new Component("vectors", "qdrant-volume", List.of(), facts, Map.of())),
            List.of(),
            List.of(),
            Set.of(),
            Optional.empty(),
            Map.of());
    return new BackupReport(
        manifest,
        List.of("file:/backups/first"),
        List.of(),
        Duration.ofSeconds(2),
        Optional.of(
            new Held(
                List.of("openmemory-mcp", "mem0_store"), Quiesce.PAUSE, Duration.ofMillis(400))),
        List.of(new Warning("not-cleaned-up", "a lock stays")));
  }

  private static AfterBackup after() {
    return AfterBackup.of(report(), NOTICED, List.of(), List.of());
  }
}
