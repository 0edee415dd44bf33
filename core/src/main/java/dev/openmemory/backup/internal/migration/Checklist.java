package dev.openmemory.backup.internal.migration;

import dev.openmemory.backup.internal.qdrant.QdrantVersion;
import dev.openmemory.backup.migration.MigrationReport.Item;
import dev.openmemory.backup.migration.MigrationReport.State;
import dev.openmemory.backup.migration.MigrationReport.Subject;
import dev.openmemory.backup.spi.optional.Environment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/** Puts what a backup needs beside what a server has. */
public record Checklist(Needs needs, Server server) {

  /** One item for each subject. */
  public List<Item> items() {
    return List.of(variables(), user(), qdrant(), embedder(), dimensions(), running());
  }

  private Item variables() {
    Optional<Set<String>> needed = needs.variables();
    if (needed.isEmpty()) {
      return unknown(Subject.VARIABLES, "variables not recorded in this backup");
    }
    if (needed.get().isEmpty()) {
      return new Item(Subject.VARIABLES, State.OK, "the backup needs none", List.of());
    }
    List<String> names = List.copyOf(new TreeSet<>(needed.get()));
    Optional<Environment> here = server.environment().value();
    if (here.isEmpty()) {
      return new Item(Subject.VARIABLES, State.UNKNOWN, server.environment().why(), names);
    }
    List<String> lacking = names.stream().filter(n -> !here.get().filled().contains(n)).toList();
    if (lacking.isEmpty()) {
      return new Item(
          Subject.VARIABLES,
          State.OK,
          "set in " + here.get().place() + ": " + String.join(", ", names),
          names);
    }
    return new Item(Subject.VARIABLES, State.MISSING, lacking(lacking, here.get()), lacking);
  }

  private static String lacking(List<String> names, Environment here) {
    List<String> parts = new ArrayList<>();
    for (String name : names) {
      parts.add(name + (here.empty().contains(name) ? " is empty" : " is not set"));
    }
    return String.join(", ", parts) + " in " + here.place();
  }

  private Item user() {
    Optional<List<String>> users = needs.users();
    if (users.isEmpty()) {
      return unknown(Subject.USER, "users not recorded in this backup");
    }
    if (users.get().isEmpty()) {
      return new Item(Subject.USER, State.OK, "the backup knows no users", List.of());
    }
    Optional<Environment> here = server.environment().value();
    return here.isEmpty()
        ? new Item(Subject.USER, State.UNKNOWN, server.environment().why(), users.get())
        : user(users.get(), here.get());
  }

  private Item user(List<String> users, Environment here) {
    String name = Environment.USER;
    if (!here.filled().contains(name)) {
      // In a shell it is nearly always set, and Compose may pass it on from there.
      boolean elsewhere = needs.userCameFromElsewhere() && !here.empty().contains(name);
      return new Item(
          Subject.USER,
          elsewhere ? State.UNKNOWN : State.MISSING,
          name
              + (here.empty().contains(name) ? " is empty in " : " is not set in ")
              + here.place()
              + (elsewhere ? ", nor was it on the old server" : ""),
          users);
    }
    if (here.user().isEmpty()) {
      return new Item(
          Subject.USER,
          State.UNKNOWN,
          name + " is made of other variables in " + here.place(),
          users);
    }
    boolean known = users.contains(here.user().get());
    return new Item(
        Subject.USER,
        known ? State.OK : State.DIFFERS,
        name + " in " + here.place() + (known ? " is one" : " is none") + " of the backup's users",
        users);
  }

  private Item qdrant() {
    if (!needs.hasVectors()) {
      return new Item(Subject.QDRANT, State.OK, "the backup has no vectors", List.of());
    }
    Optional<String> made = needs.qdrantVersion();
    if (made.isEmpty()) {
      return unknown(Subject.QDRANT, "Qdrant version not recorded in this backup");
    }
    String of = "the backup was made with Qdrant " + made.get();
    List<String> names = List.of(made.get());
    Optional<String> running = server.qdrantVersion().value();
    if (running.isEmpty()) {
      return new Item(
          Subject.QDRANT, State.UNKNOWN, of + "; " + server.qdrantVersion().why(), names);
    }
    Optional<QdrantVersion> there = QdrantVersion.parse(made.get());
    Optional<QdrantVersion> here = QdrantVersion.parse(running.get());
    String found = of + ", this server runs " + running.get();
    if (there.isEmpty() || here.isEmpty()) {
      return new Item(Subject.QDRANT, State.UNKNOWN, found, names);
    }
    boolean fits =
        needs.snapshots()
            ? here.get().takesSnapshotsOf(there.get())
            : here.get().readsFilesOf(there.get());
    return new Item(Subject.QDRANT, fits ? State.OK : State.DIFFERS, found, names);
  }

  private Item embedder() {
    Optional<Embedder> inDatabase = needs.embedderOfDatabase();
    if (inDatabase.isPresent()) {
      return embedder(
          State.OK,
          inDatabase.get(),
          ", by the settings in the database, which are part of the backup");
    }
    Optional<Embedder> made = needs.embedderOfConfig();
    if (made.isEmpty()) {
      return unknown(Subject.EMBEDDER, "embedder not recorded in this backup");
    }
    if (server.settings().value().isEmpty()) {
      return embedder(State.UNKNOWN, made.get(), "; " + server.settings().why());
    }
    Optional<Embedder> here = server.settings().value().flatMap(Embedder::ofConfig);
    if (here.isEmpty()) {
      return embedder(State.UNKNOWN, made.get(), "; the configuration here names none");
    }
    return made.get().fits(here.get())
        ? embedder(State.OK, made.get(), ", as the configuration here")
        : embedder(
            State.DIFFERS, made.get(), ", and the configuration here names " + here.get().text());
  }

  private static Item embedder(State state, Embedder made, String more) {
    return new Item(
        Subject.EMBEDDER,
        state,
        "the vectors were made by " + made.text() + more,
        List.of(made.text()));
  }

  private Item dimensions() {
    Optional<Needs.Collection> collection = needs.collection();
    if (collection.isEmpty()) {
      return unknown(Subject.DIMENSIONS, "vector dimensions not recorded in this backup");
    }
    long stored = collection.get().dimensions();
    String has = "collection " + collection.get().name() + " has " + stored;
    List<String> names = List.of(String.valueOf(stored));
    OptionalLong made = dimensionsOfEmbedder();
    if (made.isEmpty()) {
      return new Item(
          Subject.DIMENSIONS,
          State.UNKNOWN,
          has + "; no settings say how many the embedder makes",
          names);
    }
    boolean same = made.getAsLong() == stored;
    return new Item(
        Subject.DIMENSIONS,
        same ? State.OK : State.DIFFERS,
        has + (same ? ", as the embedder makes" : ", and the embedder makes " + made.getAsLong()),
        names);
  }

  /** Of the one that will be in use: the settings in the database win over any configuration. */
  private OptionalLong dimensionsOfEmbedder() {
    return needs
        .embedderOfDatabase()
        .or(() -> server.settings().value().flatMap(Embedder::ofConfig))
        .or(needs::embedderOfConfig)
        .map(Embedder::dimensions)
        .orElse(OptionalLong.empty());
  }

  private Item running() {
    Optional<Boolean> runs = server.runs().value();
    if (runs.isEmpty()) {
      return unknown(Subject.RUNNING, server.runs().why());
    }
    return runs.get()
        ? new Item(Subject.RUNNING, State.OK, "containers of OpenMemory run", List.of())
        : new Item(
            Subject.RUNNING, State.MISSING, "no container of OpenMemory runs here", List.of());
  }

  private static Item unknown(Subject subject, String found) {
    return new Item(subject, State.UNKNOWN, found, List.of());
  }
}
