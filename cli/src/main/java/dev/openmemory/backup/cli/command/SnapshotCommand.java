package dev.openmemory.backup.cli.command;

import dev.openmemory.backup.QdrantSnapshots;
import dev.openmemory.backup.QdrantSnapshots.Snapshot;
import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.cli.output.SnapshotOutcome;
import dev.openmemory.backup.cli.output.SnapshotOutcome.Action;
import dev.openmemory.backup.cli.settings.HomeFolder;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.cli.settings.SnapshotOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Groups the commands about snapshots; without one of them it is no command. */
@Command(
    name = "snapshot",
    description = "List, create, download and restore snapshots of a running Qdrant.",
    synopsisSubcommandLabel = "COMMAND")
final class SnapshotCommand {
  private SnapshotCommand() {}

  static CommandLine commandLine(Session session) {
    return new CommandLine(new SnapshotCommand())
        .addSubcommand(new ListSnapshots(session))
        .addSubcommand(new Create(session))
        .addSubcommand(new Download(session))
        .addSubcommand(new Upload(session))
        .addSubcommand(new Recover(session))
        .addSubcommand(new Delete(session));
  }

  private static SnapshotOutcome outcome(
      Action action,
      QdrantSnapshots server,
      String collection,
      String names,
      List<Snapshot> snapshots) {
    return new SnapshotOutcome(
        action, server.location(), collection, names, snapshots, OptionalLong.empty());
  }

  private abstract static class OfCollection implements Callable<Integer> {
    final Session session;

    @Mixin final SnapshotOptions options = new SnapshotOptions();

    OfCollection(Session session) {
      this.session = session;
    }

    @Override
    public Integer call() throws IOException {
      return options.with(session, this::run);
    }

    abstract SnapshotOutcome run(QdrantSnapshots server, String collection) throws IOException;
  }

  @Command(name = "list", description = "List the snapshots of a collection.")
  static final class ListSnapshots extends OfCollection {
    ListSnapshots(Session session) {
      super(session);
    }

    @Override
    SnapshotOutcome run(QdrantSnapshots server, String collection) throws IOException {
      return outcome(Action.LISTED, server, collection, "", server.list(collection));
    }
  }

  @Command(name = "create", description = "Create a snapshot of a collection; Qdrant keeps it.")
  static final class Create extends OfCollection {
    Create(Session session) {
      super(session);
    }

    @Override
    SnapshotOutcome run(QdrantSnapshots server, String collection) throws IOException {
      Snapshot made = server.create(collection);
      return outcome(Action.CREATED, server, collection, made.name(), List.of(made));
    }
  }

  @Command(
      name = "download",
      description = "Download a snapshot and compare it with Qdrant's checksum.")
  static final class Download extends OfCollection {
    private static final String STANDARD_OUTPUT = "-";

    @Parameters(paramLabel = "NAME", description = "The snapshot, as 'snapshot list' shows it.")
    String name = "";

    @Option(
        names = {"-o", "--output"},
        paramLabel = "FILE",
        description =
            "The file to write; an existing file is not replaced (default: NAME in the"
                + " current folder; '-' is standard output).")
    @Nullable String file;

    Download(Session session) {
      super(session);
    }

    @Override
    public Integer call() throws IOException {
      return STANDARD_OUTPUT.equals(file) ? print() : super.call();
    }

    private int print() throws IOException {
      try (QdrantSnapshots server = options.qdrant.snapshots(session);
          InputStream in = server.read(options.chosen(session, server), name)) {
        in.transferTo(session.host().out());
        return ExitCodes.OK;
      }
    }

    @Override
    SnapshotOutcome run(QdrantSnapshots server, String collection) throws IOException {
      // Names are the server's, and none of them leads out of this folder.
      Path to = file == null ? Path.of(name.replaceAll(".*[/\\\\]", "")) : HomeFolder.path(file);
      Snapshot got = server.download(collection, name, to, received -> {});
      return outcome(Action.DOWNLOADED, server, collection, to.toString(), List.of(got));
    }
  }

  /** Puts the points of a snapshot in the place of the collection's. */
  private abstract static class Replacing extends OfCollection {
    private final Action action;

    @Option(names = "--yes", description = "Do not ask.")
    boolean yes;

    Replacing(Session session, Action action) {
      super(session);
      this.action = action;
    }

    @Override
    public Integer call() throws IOException {
      return options.replacing(session, this::run);
    }

    SnapshotOutcome replaced(QdrantSnapshots server, String collection, String by)
        throws IOException {
      return new SnapshotOutcome(
          action, server.location(), collection, by, List.of(), server.points(collection));
    }

    void confirm(QdrantSnapshots server, String collection, String by) throws IOException {
      session.confirm(
          yes,
          action == Action.UPLOADED ? "upload" : "recover",
          SnapshotOptions.present(server, collection) + " by those of " + by + ".");
    }
  }

  @Command(
      name = "upload",
      description = "Upload a snapshot file and replace the collection with it.")
  static final class Upload extends Replacing {
    @Parameters(paramLabel = "FILE", description = "The snapshot.")
    Path file = Path.of("");

    Upload(Session session) {
      super(session, Action.UPLOADED);
    }

    @Override
    SnapshotOutcome run(QdrantSnapshots server, String collection) throws IOException {
      confirm(server, collection, file.toString());
      server.upload(collection, file, sent -> {});
      return replaced(server, collection, file.toString());
    }
  }

  @Command(
      name = "recover",
      description = "Replace a collection with a snapshot that Qdrant fetches itself.")
  static final class Recover extends Replacing {
    @Parameters(
        paramLabel = "LOCATION",
        description =
            "file:///... inside Qdrant's snapshots directory, as Qdrant sees it, or"
                + " http(s)://...")
    URI location = URI.create("");

    @Option(
        names = "--sha256",
        paramLabel = "HEX",
        description =
            "The checksum of the snapshot. Without it Qdrant accepts a damaged snapshot too.")
    @Nullable String sha256;

    Recover(Session session) {
      super(session, Action.RECOVERED);
    }

    @Override
    SnapshotOutcome run(QdrantSnapshots server, String collection) throws IOException {
      confirm(server, collection, "the snapshot");
      server.recover(collection, location, Optional.ofNullable(sha256), Optional.empty());
      return replaced(server, collection, withoutUser(location));
    }

    private static String withoutUser(URI location) {
      String user = location.getRawUserInfo();
      return user == null ? location.toString() : location.toString().replace(user + "@", "");
    }
  }

  @Command(name = "delete", description = "Delete a snapshot that Qdrant keeps.")
  static final class Delete extends OfCollection {
    @Parameters(paramLabel = "NAME", description = "The snapshot, as 'snapshot list' shows it.")
    String name = "";

    @Option(names = "--yes", description = "Do not ask.")
    boolean yes;

    Delete(Session session) {
      super(session);
    }

    @Override
    SnapshotOutcome run(QdrantSnapshots server, String collection) throws IOException {
      String which = name + " of " + collection + " at " + server.location();
      session.confirm(yes, "delete", "Snapshot " + which + " will be deleted.");
      server.delete(collection, name);
      return outcome(Action.DELETED, server, collection, name, List.of());
    }
  }
}
