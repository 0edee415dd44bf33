package dev.openmemory.backup.cli.command;

import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.cli.output.Listing;
import dev.openmemory.backup.cli.settings.ListFilter;
import dev.openmemory.backup.cli.settings.ListOrder;
import dev.openmemory.backup.cli.settings.Session;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "list", description = "List the backups, oldest first.")
final class ListCommand implements Callable<Integer> {
  private final Session session;

  @Mixin private ListFilter filter = new ListFilter();

  @Option(
      names = "--sort",
      paramLabel = "BY",
      description = "name, created or size (default: created).")
  ListOrder sort = ListOrder.CREATED;

  @Option(names = "--reverse", description = "Reverse the order.")
  boolean reverse;

  @Option(
      names = "--long",
      description =
          "Also show installation, counts, version, how containers were paused, and files.")
  boolean inFull;

  ListCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException {
    ListFilter.Chosen chosen = filter.at(session.host().clock());
    return session.withBackups(
        (backups, location) -> {
          List<BackupSummary> present = session.list(backups);
          List<BackupSummary> shown =
              present.stream().filter(chosen).sorted(sort.comparator(reverse)).toList();
          Listing listing = new Listing(shown, present.size(), location, inFull);
          session.terminal().result(session.renderer().list(listing));
          return ExitCodes.OK;
        });
  }
}
