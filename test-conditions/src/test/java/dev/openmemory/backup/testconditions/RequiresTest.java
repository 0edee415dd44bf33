package dev.openmemory.backup.testconditions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Runs a test class of its own within this one and looks at what the run says. */
class RequiresTest {
  private static final String PROPERTY = "openmemory.requireServices";
  private static final String TIER = "openmemory.tier";

  private final String before = System.getProperty(PROPERTY, "false");
  private final String tierBefore = System.getProperty(TIER, "services");
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  @BeforeEach
  void allowSkipping() {
    System.setProperty(PROPERTY, "false");
    System.setProperty(TIER, "services");
  }

  @AfterEach
  void restoreProperties() {
    System.setProperty(PROPERTY, before);
    System.setProperty(TIER, tierBefore);
  }

  @Test
  void aTestThatLacksSomethingIsSkippedAndNamedOnOneLine() {
    TestExecutionSummary summary = run();

    assertThat(summary.getTestsSucceededCount()).isOne();
    assertThat(summary.getTestsAbortedCount()).isEqualTo(2);
    assertThat(said.toString(StandardCharsets.UTF_8).lines())
        .containsExactly("SKIPPED (missing: a moon base): NeedySample#needsAMoonBase");
  }

  @Test
  void whereServicesAreRequiredItFails() {
    System.setProperty(PROPERTY, "true");

    TestExecutionSummary summary = run();

    assertThat(summary.getFailures())
        .singleElement()
        .satisfies(f -> assertThat(f.getException()).hasMessage("missing: a moon base"));
    assertThat(said.toString(StandardCharsets.UTF_8).lines())
        .singleElement()
        .asString()
        .startsWith("REPLAY: mvn verify -Pservices -am -pl test-conditions ")
        .endsWith(" -Dopenmemory.seed=" + Seeds.seed() + " -Dtest='NeedySample#needsAMoonBase'");
  }

  @Test
  void inTheDefaultTierItFailsAlsoWhereThatIsPresent() {
    System.setProperty(TIER, "default");

    TestExecutionSummary summary = run();

    assertThat(summary.getFailures())
        .hasSize(2)
        .allSatisfy(f -> assertThat(f.getException()).hasMessageContaining("tier 'services'"));
  }

  private TestExecutionSummary run() {
    SummaryGeneratingListener summary = new SummaryGeneratingListener();
    Launcher launcher =
        LauncherFactory.create(
            LauncherConfig.builder().enableTestExecutionListenerAutoRegistration(false).build());
    launcher.execute(
        LauncherDiscoveryRequestBuilder.request().selectors(selectClass(NeedySample.class)).build(),
        summary,
        new TestReport(new PrintStream(said, true, StandardCharsets.UTF_8)));
    return summary.getSummary();
  }
}
