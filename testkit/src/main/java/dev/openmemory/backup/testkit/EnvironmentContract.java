package dev.openmemory.backup.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.spi.optional.Environment;
import dev.openmemory.backup.spi.optional.ReportsEnvironment;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each {@link ReportsEnvironment} must do: a test for each of its duties. */
public abstract class EnvironmentContract {
  private static final String SECRET = "sk-canary-of-the-contract";
  private static final Map<String, String> VARIABLES =
      Map.of("OPENAI_API_KEY", SECRET, "EMPTY_ONE", "", "USER", "alice");

  @TempDir Path folder;

  /**
   * One of an OpenMemory with these variables.
   *
   * @param folder an empty folder for it
   */
  protected abstract ReportsEnvironment of(Path folder, Map<String, String> variables)
      throws Exception;

  /** One that finds no OpenMemory. */
  protected abstract ReportsEnvironment ofNothing(Path folder) throws Exception;

  private Environment environment() throws Exception {
    return of(folder, VARIABLES).environment().orElseThrow();
  }

  @Test
  @Duty("E1")
  final void theVariablesAreKnownByName() throws Exception {
    Environment found = environment();
    assertThat(found.filled()).contains("OPENAI_API_KEY", "USER").doesNotContain("EMPTY_ONE");
    assertThat(found.empty()).contains("EMPTY_ONE").doesNotContain("OPENAI_API_KEY", "USER");
    assertThat(found.place()).isNotEmpty();
  }

  @Test
  @Duty("E2")
  final void noValueIsKnownButTheNameOfTheUser() throws Exception {
    Environment found = environment();
    assertThat(found.user()).hasValue("alice");
    assertThat(found.place() + found.filled() + found.empty() + found).doesNotContain(SECRET);
    assertThat(found.toString()).doesNotContain("alice");
  }

  @Test
  @Duty("E3")
  final void withoutOpenMemoryThereAreNone() throws Exception {
    assertThat(ofNothing(folder).environment()).isEmpty();
  }

  @Test
  @Duty("E4")
  final void itMayBeAskedAgain() throws Exception {
    ReportsEnvironment reports = of(folder, VARIABLES);
    assertThat(reports.environment()).isEqualTo(reports.environment());
  }
}
