package dev.openmemory.backup.internal.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.spi.ForwardingBackupTarget;
import dev.openmemory.backup.spi.ReportsPresence;
import dev.openmemory.backup.testkit.InMemoryBackupTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsedTargetsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final int RUNS = 8;

  @TempDir Path home;
  private final List<Warning> warnings = new ArrayList<>();
  private UsedTargets used;

  @BeforeEach
  void open() {
    used = new UsedTargets(home, warnings::add);
  }

  @Test
  void oneThatWasUsedAndHasLostItsMarkIsRefused() throws IOException {
    MountedFolder place = new MountedFolder("a:");
    used.requireStillThere(place);
    used.add(List.of(place), NOW);
    used.requireStillThere(place);

    place.marked = false;

    assertThatThrownBy(() -> used.requireStillThere(place))
        .isInstanceOf(BackupException.class)
        .hasMessageContaining("is its disk mounted?");
    assertThat(warnings).isEmpty();
  }

  @Test
  void aListThatCannotBeReadIsAWarningAndIsWrittenAnew() throws IOException {
    MountedFolder place = new MountedFolder("a:");
    Files.createDirectories(list().getParent());
    Files.writeString(list(), "{ half of a list");

    used.requireStillThere(place);
    assertThat(warnings).isNotEmpty().allSatisfy(w -> assertIsOf(w, "cannot be read"));

    used.add(List.of(place), NOW);
    warnings.clear();
    used.requireStillThere(place);
    assertThat(warnings).isEmpty();
    assertThat(list()).content().contains("a:");
  }

  @Test
  void aListThatCannotBeWrittenIsAWarning() throws IOException {
    Files.createFile(home.resolve(".openmemory-backup"));

    assertThatCode(() -> used.add(List.of(new MountedFolder("a:")), NOW))
        .doesNotThrowAnyException();

    assertThat(warnings).singleElement().satisfies(w -> assertIsOf(w, "cannot be written"));
  }

  @Test
  void aTargetThatTakesNoMarkIsAWarning() {
    MountedFolder place = new MountedFolder("a:");
    place.takesMarks = false;

    used.add(List.of(place), NOW);

    assertThat(warnings).singleElement().satisfies(w -> assertIsOf(w, "a: takes no mark (full)"));
  }

  @Test
  void runsThatAddTargetsAtTheSameTimeLoseNone() throws Exception {
    CountDownLatch start = new CountDownLatch(1);
    List<FutureTask<Void>> runs =
        IntStream.range(0, RUNS)
            .mapToObj(
                run ->
                    new FutureTask<Void>(
                        () -> {
                          start.await();
                          used.add(List.of(new MountedFolder(run + ":")), NOW);
                          return null;
                        }))
            .toList();
    runs.forEach(run -> new Thread(run).start());
    start.countDown();
    for (FutureTask<Void> run : runs) {
      run.get();
    }

    IntStream.range(0, RUNS)
        .forEach(run -> assertThat(list()).content().contains("\"" + run + ":\""));
  }

  private Path list() {
    return home.resolve(".openmemory-backup/targets.json");
  }

  private static void assertIsOf(Warning warning, String fact) {
    assertThat(warning.code()).isEqualTo("targets-unchecked");
    assertThat(warning.message()).contains(fact).contains("not mounted");
  }

  private static final class MountedFolder extends ForwardingBackupTarget
      implements ReportsPresence {
    private final String location;
    private boolean marked;
    private boolean takesMarks = true;

    MountedFolder(String location) {
      super(new InMemoryBackupTarget());
      this.location = location;
    }

    @Override
    public String location() {
      return location;
    }

    @Override
    public boolean isThere() {
      return true;
    }

    @Override
    public boolean isMarked() {
      return marked;
    }

    @Override
    public void mark() throws IOException {
      if (!takesMarks) {
        throw new IOException("full");
      }
      marked = true;
    }
  }
}
