package dev.openmemory.backup.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.cli.CommandLineRun;
import dev.openmemory.backup.cli.SampleHome;
import dev.openmemory.backup.cli.SampleTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ListCommandTest extends SampleTest {
  /** One of ours of today, and two of the scripts with the times of their files. */
  @BeforeEach
  void make() throws IOException {
    sample.backUp("monthly-ours");
    scripted("daily-20260101", "2026-01-01T02:00:00Z", 3000);
    scripted("daily-20260102", "2026-01-02T02:00:00Z", 2000);
  }

  @Test
  void sortsByEachKeyAndTheOtherWayRound() {
    assertThat(names("--sort", "created"))
        .containsExactly("daily-20260101", "daily-20260102", "monthly-ours");
    assertThat(names()).isEqualTo(names("--sort", "created"));
    assertThat(names("--reverse"))
        .containsExactly("monthly-ours", "daily-20260102", "daily-20260101");
    assertThat(names("--sort", "size"))
        .containsExactly("daily-20260102", "daily-20260101", "monthly-ours");
    assertThat(names("--sort", "NAME", "--reverse"))
        .containsExactly("monthly-ours", "daily-20260102", "daily-20260101");
  }

  @Test
  void filtersByStateTimeNameAndInstallation() {
    assertThat(names("--state", "unverified")).hasSize(2);
    assertThat(names("--state", "complete")).containsExactly("monthly-ours");
    assertThat(names("--since", "2026-01-02", "--before", "2026-01-03"))
        .containsExactly("daily-20260102");
    assertThat(names("--since", "2026-01-01T02:00:00Z", "--before", "2026-01-02T02:00"))
        .containsExactly("daily-20260101");
    assertThat(names("--since", "1h")).containsExactly("monthly-ours");
    assertThat(names("--before", "1h")).doesNotContain("monthly-ours");
    assertThat(names("--name", "daily-*")).hasSize(2);
    assertThat(names("--name", "daily-2026010?", "--since", "2026-01-02"))
        .containsExactly("daily-20260102");
    assertThat(names("--name", "daily")).isEmpty();
    String id = json().get("backups").get(2).get("installationId").asString();
    assertThat(names("--installation", id)).containsExactly("monthly-ours");
    assertThat(names("--installation", "another")).isEmpty();
  }

  @Test
  void totalsAreThoseOfWhatIsShown() {
    JsonNode all = json();
    JsonNode some = json("--name", "daily-*");
    assertThat(some.get("storedBytes").asLong()).isEqualTo(5000);
    assertThat(all.get("storedBytes").asLong()).isGreaterThan(5000);
    assertThat(some.get("present").asInt()).isEqualTo(3);
    CommandLineRun text = sample.run("list", "--name", "daily-*");
    assertThat(text.out()).contains("2 of 3 backups, 4.9 KiB, in ");
    assertThat(sample.run("list").out()).contains("3 backups, ");
  }

  @Test
  void noneThatFitsIsNotNone() {
    CommandLineRun text = sample.run("list", "--name", "weekly-*");
    assertThat(text.exitCode()).isZero();
    assertThat(text.out())
        .contains("None of the 3 backups in ")
        .doesNotContain("No backups")
        .doesNotContain("NAME");
    assertThat(json("--name", "weekly-*").get("backups")).isEmpty();
    assertThat(json("--name", "weekly-*").get("present").asInt()).isEqualTo(3);
  }

  @Test
  void unknownValuesNameTheKnownOnes() {
    for (String[] wrong :
        List.of(
            new String[] {"--state", "fresh", "COMPLETE, UNVERIFIED, DAMAGED"},
            new String[] {"--sort", "age", "NAME, CREATED, SIZE"},
            new String[] {"--since", "yesterday", "ages such as 90m, 12h, 30d, 8w"},
            new String[] {"--before", "2026-13-01", "2026-01-31T14:30:00Z"})) {
      CommandLineRun text = sample.run("list", wrong[0], wrong[1]);
      assertThat(text.exitCode()).as(wrong[0]).isEqualTo(2);
      assertThat(text.err()).contains(wrong[1]).contains(wrong[2]);
      assertThat(text.out()).isEmpty();
      JsonNode error = sample.run("list", wrong[0], wrong[1], "--json").json().get("error");
      assertThat(error.get("kind").asString()).isEqualTo("INVALID");
    }
  }

  @Test
  void longShowsWhatTheManifestSays() {
    CommandLineRun text = sample.run("list", "--long");
    assertThat(text.out())
        .containsPattern("CAPTURE +PROVEN +PINNED +COMPONENTS")
        .containsPattern("daily-20260101 +unverified .* - +- +- +openmemory.db")
        .containsPattern("monthly-ours +complete .* s +- +- +database, config, vectors")
        .contains("memories      61 memories (56 active, 3 deleted, 2 paused)")
        .contains("quiesce       none")
        .containsPattern("installation  [0-9a-f]")
        .contains("made by       openmemory-backup ")
        .contains("config.json, manifest.json, openmemory.db, qdrant-storage.tar.gz");
    assertThat(sample.run("list").out()).doesNotContain("quiesce");
    JsonNode ours = json().get("backups").get(2);
    assertThat(ours.get("memories").get("active").asInt()).isEqualTo(56);
    assertThat(ours.get("quiesce").asString()).isEqualTo("none");
    assertThat(ours.get("captureSeconds").asDouble()).isNotNegative();
    assertThat(ours.get("tool").get("name").asString()).isEqualTo("openmemory-backup");
    // No server could be asked for points, so none are shown.
    assertThat(ours.has("points")).isFalse();
    assertThat(json().get("backups").get(0).has("captureSeconds")).isFalse();
  }

  private void scripted(String name, String time, int bytes) throws IOException {
    Path file = Files.createDirectories(sample.backups().resolve(name)).resolve("openmemory.db");
    Files.write(file, new byte[bytes]);
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse(time)));
  }

  private JsonNode json(String... options) {
    CommandLineRun run = sample.run(SampleHome.with(options, "list", "--json"));
    assertThat(run.exitCode()).as(run.text()).isZero();
    return run.json();
  }

  private List<String> names(String... options) {
    return json(options).get("backups").valueStream().map(b -> b.get("name").asString()).toList();
  }
}
