package dev.openmemory.backup.cli.command.memories;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.cli.output.MemoryRenderer;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.cli.terminal.Terminal;
import dev.openmemory.backup.memories.MemoriesReport;
import dev.openmemory.backup.memories.Memory;
import dev.openmemory.backup.memories.MemoryQuery;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "list", description = "List the memories in a backup, oldest first.")
final class MemoriesListCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(paramLabel = "NAME", description = "The backup, or 'latest'.")
  String name = "";

  @Mixin MemoryFilter filter = new MemoryFilter();

  @Option(names = "--long", description = "Show each memory in full, not in one line.")
  boolean inFull;

  MemoriesListCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException {
    MemoryQuery query = filter.at(session.host().clock());
    MemoryRenderer renderer = session.memoryRenderer(inFull);
    Terminal terminal = session.terminal();
    return session.withBackups(
        (backups, location) -> {
          BackupName backup = session.find(backups, location, name).name();
          Printer printer = new Printer(terminal, renderer);
          MemoriesReport report = backups.memories(backup, query, printer);
          printer.begin();
          terminal.result(renderer.afterList(report));
          return ExitCodes.OK;
        });
  }

  /** Prints while memories are read; nothing before the first one, as reading may fail. */
  private static final class Printer implements Consumer<Memory> {
    private final Terminal terminal;
    private final MemoryRenderer renderer;
    private boolean begun;
    private boolean first = true;

    Printer(Terminal terminal, MemoryRenderer renderer) {
      this.terminal = terminal;
      this.renderer = renderer;
    }

    void begin() {
      if (!begun) {
        begun = true;
        renderer.beforeList().ifPresent(terminal::result);
      }
    }

    @Override
    public void accept(Memory memory) {
      begin();
      terminal.result(renderer.listed(memory, first));
      first = false;
    }
  }
}
