package dev.openmemory.backup.internal.targetcheck;

import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupEvent.PhaseStarted;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.internal.catalog.BackupCatalog;
import dev.openmemory.backup.internal.parallel.Uninterrupted;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.internal.target.Waiter;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.ForwardingBackupTarget;
import dev.openmemory.backup.spi.optional.ReportsAccess;
import dev.openmemory.backup.targetcheck.TargetCheckReport;
import dev.openmemory.backup.targetcheck.TargetCheckReport.Finding;
import dev.openmemory.backup.targetcheck.TargetCheckReport.Outcome;
import dev.openmemory.backup.targetcheck.TargetCheckRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds out by trying what a store can be used for, and removes everything that it wrote. */
public final class TargetChecker {
  /** The code of the warning about what a check that failed could not remove. */
  private static final String LEFT = "check-left-objects";

  private final Run.Settings settings;
  private final Waiter waiter;

  public TargetChecker(Run.Settings settings) {
    this(settings, Waiter.until(settings.cancellation()));
  }

  TargetChecker(Run.Settings settings, Waiter waiter) {
    this.settings = settings;
    this.waiter = waiter;
  }

  public TargetCheckReport check(TargetCheckRequest request) throws IOException {
    try (Run run = Run.writing(settings)) {
      run.enter(Phase.PREFLIGHT, "target");
      new BackupCatalog(run.target()).requirePlace();
      CheckFolder folder = new CheckFolder(run, new Polling(waiter));
      List<Finding> findings;
      try {
        folder.listed();
        findings = findings(steps(request), folder);
      } catch (IOException | RuntimeException e) {
        tellLeft(run, Uninterrupted.call(folder::removeAll));
        throw e;
      }
      run.tell(new PhaseStarted(Phase.PREFLIGHT, "that nothing is left"));
      List<String> left = Uninterrupted.call(folder::removeAll);
      return new TargetCheckReport(
          run.target().location(), access(run.target()), findings, left, run.elapsed());
    }
  }

  private static String access(BackupTarget target) {
    return ForwardingBackupTarget.power(target, ReportsAccess.class)
        .map(ReportsAccess::access)
        .orElse("");
  }

  private List<Step> steps(TargetCheckRequest request) {
    StoringDuties storing = new StoringDuties(request.largestObject());
    ShowingDuties showing = new ShowingDuties(settings.clock());
    NamingDuties naming = new NamingDuties();
    return List.of(
        new Step("T1", "a small object", false, storing::small),
        new Step("T5", "deletes", false, showing::deletes),
        new Step("T5", "a missing object", false, showing::missing),
        new Step("T7", "lists after each change", false, showing::lists),
        new Step("T6", "the list of everything", false, showing::allBackups),
        new Step("T6", "the clock of the store", false, showing::clock),
        new Step("T2", "a name that exists", false, naming::existingName),
        new Step("T4", "a read beyond the end", false, storing::beyondTheEnd),
        new Step("T1", "a large object", true, storing::large),
        new Step("T4", "reads from any offset", true, storing::readBack),
        new Step("T1", "a write that breaks off", true, storing::brokenOff),
        new Step("T2", "several writers of one name", true, naming::sameNameAtOnce),
        new Step("T3", "replacing an object", true, naming::replacing),
        new Step("T3", "giving an object a time", true, naming::dated),
        new Step("T6", "long names", true, showing::names),
        new Step("T6", "capital letters", true, showing::capitals),
        new Step("T12", "several writers at once", true, naming::otherNamesAtOnce),
        new Step("T14", "leftovers of killed runs", false, storing::sweep));
  }

  private static List<Finding> findings(List<Step> steps, CheckFolder folder) throws IOException {
    List<Finding> findings = new ArrayList<>();
    Optional<String> end = Optional.empty();
    for (Step step : steps) {
      folder.run().enter(Phase.PREFLIGHT, step.subject());
      Answer answer = end.isPresent() ? Answer.notChecked(end.get()) : answer(step, folder);
      findings.add(answer.to(step.duty(), step.subject()));
      boolean nothingStored = findings.size() == 1 && answer.outcome() == Outcome.BROKEN;
      if (nothingStored || answer.last()) {
        // What follows would say the same again, slowly.
        end = Optional.of("the check ended with: " + step.subject());
      }
    }
    return findings;
  }

  private static Answer answer(Step step, CheckFolder folder) throws IOException {
    if (step.adds() && !folder.deletes()) {
      return Answer.notChecked("it could not be removed again");
    }
    try {
      return step.look().at(folder);
    } catch (BackupException e) {
      if (e.kind() == Kind.CANCELLED) {
        throw e;
      }
      return Answer.broken(e);
    }
  }

  private static void tellLeft(Run run, List<String> left) {
    if (!left.isEmpty()) {
      run.warn(
          new Warning(
              LEFT,
              "the check wrote this below "
                  + run.target().location()
                  + " and could not remove it: "
                  + String.join(", ", left)));
    }
  }
}
