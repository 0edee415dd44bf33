package dev.openmemory.backup.cli.command.memories;

import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.cli.output.MemoryChangeRenderer;
import dev.openmemory.backup.cli.output.NewVectorsText;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.memories.MemoryChange;
import dev.openmemory.backup.memories.MemoryChange.Action;
import dev.openmemory.backup.memories.MemoryRepairReport;
import dev.openmemory.backup.memories.MemoryRestoreDialog;
import dev.openmemory.backup.memories.MemoryRestoreReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Prints changes of memories while they are planned, and asks whether to make them. */
final class ChangePrinter implements MemoryRestoreDialog {
  private final Session session;
  private final MemoryChangeRenderer renderer;
  private final String operation;
  private final boolean agreed;
  private boolean begun;
  private boolean first = true;

  /**
   * One for one call.
   *
   * @param agreed by option, without a question
   */
  ChangePrinter(Session session, String operation, boolean agreed) {
    this.session = session;
    this.renderer = session.memoryChangeRenderer();
    this.operation = operation;
    this.agreed = agreed;
  }

  private void begin() {
    if (!begun) {
      begun = true;
      renderer.before().ifPresent(session.terminal()::result);
    }
  }

  @Override
  public void planned(MemoryChange change) {
    begin();
    renderer
        .planned(change, first)
        .ifPresent(
            text -> {
              session.terminal().result(text);
              first = false;
            });
  }

  @Override
  public boolean confirmed(MemoryRestoreReport plan) {
    String memories = plan.changed() == 1 ? "1 memory" : plan.changed() + " memories";
    try {
      session.confirm(
          agreed,
          operation,
          memories
              + " will be changed as shown above."
              + plan.newVectors()
                  .map(made -> " Will be sent: " + NewVectorsText.of(made) + ".")
                  .orElse("")
              + " OpenMemory keeps running.");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return true;
  }

  /** Prints the end; the exit code is that of a part when something that was asked for is left. */
  int end(MemoryRestoreReport report) {
    return end(report, Optional.empty());
  }

  int end(MemoryRepairReport report) {
    int exitCode = end(report.changes(), Optional.of(report));
    return report.after().everyMemoryHasItsVector() ? exitCode : ExitCodes.WARNINGS;
  }

  private int end(MemoryRestoreReport report, Optional<MemoryRepairReport> repair) {
    begin();
    session.terminal().result(renderer.after(report, repair));
    boolean whole = report.count(Action.KEEP) + report.count(Action.WITHOUT_VECTOR) == 0;
    return whole ? session.exitCode(report.warnings()) : ExitCodes.WARNINGS;
  }
}
