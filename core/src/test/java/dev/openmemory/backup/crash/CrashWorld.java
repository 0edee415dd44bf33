package dev.openmemory.backup.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupEvent;
import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Installation.Writers;
import dev.openmemory.backup.sample.ListedWriters;
import dev.openmemory.backup.testkit.disk.DiskState;
import dev.openmemory.backup.testkit.disk.WatchedDisk;
import dev.openmemory.backup.testkit.disk.WatchedDisk.Survivors;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * All that a command can change: a small installation with its writers, temporary files and two
 * targets. Its state is looked at before each change that a command makes. A command that is killed
 * leaves one of these states, because a kill ends all threads at one moment and runs nothing
 * afterwards; a loss of power leaves what of it was forced.
 */
final class CrashWorld implements Closeable, ListedWriters.States {
  private static final Map<String, String> WRITERS =
      Map.of(
          "a-page", ListedWriters.RUNNING,
          "b-api", ListedWriters.RUNNING,
          "c-store", ListedWriters.RUNNING,
          "d-paused", "pause",
          "e-off", "stop");

  private static final String CHANGES = "changes";

  private final WatchedDisk disk;
  private final Map<String, String> writers = new ConcurrentSkipListMap<>(WRITERS);
  private final CrashTarget target;
  private final SetClock clock = new SetClock();
  private List<DiskState> whole = List.of();
  private String refused = "";
  private Optional<Confirmed> confirmed = Optional.empty();
  private boolean stubborn = true;
  private final Set<String> ending = new ConcurrentSkipListSet<>();
  private boolean capturing;
  private boolean ranMeanwhile;
  private final CrashTarget copies;

  /** Changes that a writer has confirmed: before the first stop was told, and since then. */
  record Confirmed(List<Integer> before, List<Integer> since, AtomicBoolean stopping) {
    Confirmed() {
      this(new ArrayList<>(), new ArrayList<>(), new AtomicBoolean());
    }
  }

  private record State(
      DiskState disk,
      Map<String, CrashTarget.Stored> target,
      Map<String, CrashTarget.Stored> copies,
      Map<String, String> writers,
      Set<String> ending) {}

  /** A state with what led to it, for messages. */
  record Moment(State state, String description) {
    @Override
    public String toString() {
      return description;
    }
  }

  /** A command. */
  @FunctionalInterface
  interface Command {
    void run() throws IOException;
  }

  CrashWorld(Path folder) throws IOException {
    Files.createDirectories(folder.resolve("openmemory"));
    Files.createDirectories(folder.resolve("scratch"));
    disk = WatchedDisk.over(folder);
    target = new CrashTarget(disk, "memory:target", clock);
    copies = new CrashTarget(disk, "memory:copies", clock);
    ListedWriters.know(home().toString(), this);
  }

  Path home() {
    return disk.path().resolve("openmemory");
  }

  /** Without writers, or with those of this world. */
  Installation installation(boolean withWriters) {
    Installation data = Installation.at(home()).withStorage(home().resolve("storage"));
    return withWriters
        ? data.withWriters(new Writers("listed", Map.of("id", home().toString())))
        : data;
  }

  Backups backups() {
    return in(target);
  }

  Backups copies() {
    return in(copies);
  }

  private Backups in(CrashTarget store) {
    return Backups.in(store)
        .withScratch(disk.path().resolve("scratch"))
        .withClock(clock)
        .withListener(this::hear);
  }

  private void hear(BackupEvent event) {
    if (event instanceof BackupEvent.PhaseStarted started) {
      capturing |= started.phase() == Phase.CAPTURE;
      capturing &= started.phase() != Phase.RESUME;
    }
    if (event instanceof BackupEvent.Stopping) {
      confirmed.ifPresent(changes -> changes.stopping().set(true));
    }
  }

  /** From now on the API makes a change and confirms it at each moment at which it runs. */
  Confirmed confirmChanges() {
    Confirmed changes = new Confirmed();
    confirmed = Optional.of(changes);
    return changes;
  }

  private void confirmOne() throws IOException {
    if (confirmed.isPresent() && writers.get("b-api").equals(ListedWriters.RUNNING)) {
      Confirmed changes = confirmed.get();
      int id = changes.before().size() + changes.since().size();
      confirm(id);
      (changes.stopping().get() ? changes.since() : changes.before()).add(id);
    }
  }

  /** As the API does when it runs. */
  void confirm(int id) throws IOException {
    // Not watched: it is no change of the command.
    Path file = Path.of(home().resolve("storage").resolve(CHANGES).toString());
    Files.writeString(file, id + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** The changes that are in the live data, or in what a restore has set aside. */
  List<Integer> changesIn(boolean setAside) throws IOException {
    List<Integer> found = new ArrayList<>();
    disk.state(Survivors.EVERYTHING)
        .entries()
        .forEach(
            (name, text) -> {
              if (name.endsWith("/" + CHANGES)
                  && name.contains(".openmemory-backup/previous") == setAside) {
                text.substring(1).lines().forEach(id -> found.add(Integer.valueOf(id)));
              }
            });
    return found;
  }

  CrashTarget target() {
    return target;
  }

  CrashTarget targetOfCopies() {
    return copies;
  }

  @Override
  public Map<String, String> all() {
    return writers;
  }

  /** Whether writers ignore that they are asked to end, until they are made to. */
  void areStubborn(boolean stubborn) {
    this.stubborn = stubborn;
  }

  @Override
  public void askToEnd(String writer) {
    if (stubborn) {
      ending.add(writer);
    } else {
      writers.put(writer, "stop");
    }
  }

  @Override
  public void keepRunning(List<String> running) throws IOException {
    for (String writer : running) {
      if (ending.remove(writer)) {
        writers.put(writer, ListedWriters.RUNNING);
      }
    }
  }

  /** The next start of the writer fails. */
  void refuseNextStart(String writer) {
    refused = writer;
  }

  @Override
  public void set(String writer, String state) throws IOException {
    if (state.equals(ListedWriters.RUNNING) && refused.equals(writer)) {
      refused = "";
      throw new IOException("refused");
    }
    if (state.equals(ListedWriters.RUNNING) && !whole.isEmpty()) {
      assertThat(parts()).as("what %s is started on", writer).isIn(whole);
    }
    disk.change(() -> writers.put(writer, state));
    if (state.equals("stop")) {
      ending.remove(writer);
    }
  }

  /** From now on no writer may start on anything else. */
  void startOnlyOn(DiskState... states) {
    whole = List.of(states);
  }

  /** As another run does that takes this one for ended. */
  void takeHomeOver() throws IOException {
    Path lock = Path.of(home().resolve(".openmemory-backup/home.lock").toString());
    if (Files.exists(lock)) {
      Files.writeString(lock, "{}");
    }
  }

  /** Gives all parts another content, forced. */
  void fill(String text) throws IOException {
    disk.restore(disk.state(Survivors.EVERYTHING).only(name -> !isOfParts(name)));
    Path collection = home().resolve("storage/collections/openmemory");
    Files.createDirectories(collection.resolve("0/of-" + text));
    Files.createDirectories(home().resolve("api"));
    Files.writeString(home().resolve("storage/raft_state.json"), "{\"of\":\"" + text + "\"}");
    Files.writeString(collection.resolve("config.json"), "{}");
    Files.writeString(collection.resolve("0/segment"), text.repeat(900));
    Files.writeString(home().resolve("api/config.json"), "{\"of\":\"" + text + "\"}");
    writeDatabase(text);
    disk.restore(disk.state(Survivors.EVERYTHING));
  }

  private void writeDatabase(String text) throws IOException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + home().resolve("api/openmemory.db"));
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA page_size = 512");
      statement.execute("CREATE TABLE memories (id TEXT, content TEXT, state TEXT)");
      statement.execute("INSERT INTO memories VALUES ('1', '" + text + "', 'active')");
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  /** By hand. */
  void replaceDatabase(String text) throws IOException {
    Path database = home().resolve("api/openmemory.db");
    Files.delete(database);
    writeDatabase(text);
  }

  /** As Qdrant does that runs on it. */
  void changeStorage(String text) throws IOException {
    Files.writeString(home().resolve("storage/raft_state.json"), text);
  }

  /** By hand: all that ran at first. */
  void startAll() {
    writers.putAll(WRITERS);
  }

  boolean isHeld() {
    return Files.exists(home().resolve(".openmemory-backup/held.json"));
  }

  boolean runAll() {
    return writers.equals(WRITERS);
  }

  /** What is in the files that a restore, or its rollback, has kept. */
  Collection<String> keptTexts() throws IOException {
    return kept().values();
  }

  private Map<String, String> kept() throws IOException {
    return disk.state(Survivors.EVERYTHING)
        .only(name -> name.contains(".openmemory-backup/previous/"))
        .entries();
  }

  /** Whether a restore has kept all data that was filled with the text. */
  boolean hasSetAside(String text) throws IOException {
    Map<String, String> kept = kept();
    return Stream.of("config.json", "openmemory.db", "segment")
        .allMatch(
            name ->
                kept.entrySet().stream()
                    .anyMatch(e -> e.getKey().endsWith(name) && e.getValue().contains(text)));
  }

  /** Its text; empty when there is none. */
  String restoreRecord() throws IOException {
    Path file = home().resolve(".openmemory-backup/restore.json");
    return Files.exists(file) ? Files.readString(file) : "";
  }

  /** All of the three parts. */
  DiskState parts() throws IOException {
    return disk.state(Survivors.EVERYTHING).only(CrashWorld::isOfParts);
  }

  private static boolean isOfParts(String name) {
    return name.startsWith("openmemory/")
        && !name.contains(".openmemory-backup")
        && !name.endsWith(CHANGES);
  }

  /** The moments at which a command may end, in order, each different state once. */
  List<Moment> momentsOf(Set<Survivors> survivors, Command command) throws IOException {
    Map<State, String> moments = new LinkedHashMap<>();
    int[] change = {0};
    WatchedDisk.Observer look =
        () -> {
          for (Survivors some : survivors) {
            moments.putIfAbsent(state(some), some + " survives before change " + change[0]);
          }
          change[0]++;
        };
    disk.beforeEachChange(look);
    command.run();
    disk.beforeEachChange(() -> {});
    look.look();
    List<Moment> all = new ArrayList<>();
    moments.forEach((state, description) -> all.add(new Moment(state, description)));
    return all;
  }

  /** Of this host and of the targets. */
  SetClock clock() {
    return clock;
  }

  /** The present one. */
  Moment now() throws IOException {
    return new Moment(state(Survivors.EVERYTHING), "as it was");
  }

  private State state(Survivors some) throws IOException {
    return new State(
        disk.state(some),
        target.objects(),
        copies.objects(),
        Map.copyOf(writers),
        Set.copyOf(ending));
  }

  /**
   * Does the work just before a change that the command makes.
   *
   * @param number of the change, from 0 on
   * @return whether the command has got so far
   */
  boolean meanwhile(int number, Command work, Command command) throws IOException {
    AtomicInteger change = new AtomicInteger();
    disk.beforeEachChange(
        () -> {
          confirmOne();
          if (change.getAndIncrement() == number) {
            work.run();
          }
        });
    try {
      command.run();
    } finally {
      disk.beforeEachChange(() -> {});
    }
    return change.get() > number;
  }

  /** As {@link #meanwhile}, before each later change too. */
  boolean fromOn(int number, Command work, Command command) throws IOException {
    AtomicInteger change = new AtomicInteger();
    capturing = false;
    disk.beforeEachChange(
        () -> {
          ranMeanwhile |= capturing && writers.containsValue(ListedWriters.RUNNING);
          confirmOne();
          if (change.getAndIncrement() >= number) {
            work.run();
          }
        });
    try {
      command.run();
    } finally {
      disk.beforeEachChange(() -> {});
    }
    return change.get() > number;
  }

  /** Whether a writer ran while a backup captured what it holds. */
  boolean ranDuringCapture() {
    return ranMeanwhile;
  }

  void awaitWhileOthersChange(BooleanSupplier done) {
    try {
      disk.awaitWhileOthersChange(done);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** From now on the disk has room for nothing, or it has again. */
  void fillDisk(boolean full) {
    disk.fill(full);
  }

  /** As the killed command left it. */
  void become(Moment moment) throws IOException {
    State state = moment.state();
    disk.restore(state.disk().ofEndedProcess());
    target.restore(state.target());
    copies.restore(state.copies());
    writers.clear();
    writers.putAll(state.writers());
    ending.clear();
    ending.addAll(state.ending());
    ranMeanwhile = false;
  }

  static void assertAllSound(Backups backups) throws IOException {
    for (BackupSummary listed : backups.list()) {
      assertThat(listed.state()).as("%s", listed).isEqualTo(BackupSummary.State.COMPLETE);
      assertThat(backups.verify(listed.name()).problems()).as("%s", listed).isEmpty();
    }
  }

  /** Every object is one of a listed backup. */
  private static void assertOnlyWhole(CrashTarget target) throws IOException {
    List<String> listed =
        Backups.in(target).list().stream().map(backup -> backup.name().value()).toList();
    assertThat(target.bytes().keySet())
        .allMatch(object -> listed.contains(object.replaceFirst("/.*", "")))
        .noneMatch(object -> object.endsWith("/in-progress.json"));
  }

  /** Also long after. */
  void assertWritersRun() {
    ending.forEach(writer -> writers.put(writer, "stop"));
    ending.clear();
    assertThat(writers).isEqualTo(WRITERS);
  }

  /** The writers run that ran at first, and no command has left a record. */
  void assertInOrder() throws IOException {
    assertWritersRun();
    assertThat(disk.state(Survivors.EVERYTHING).files())
        .noneMatch(name -> name.matches(".*\\.openmemory-backup/(held|restore)(\\.json|-).*"));
  }

  /** What a recovery leaves to the next command that works on the target. */
  void assertNothingLeft() throws IOException {
    assertThat(disk.state(Survivors.EVERYTHING).files())
        .noneMatch(name -> name.startsWith("scratch/"))
        .noneMatch(name -> name.matches(".*/\\.(held|restore|undo)\\.json[0-9]+\\.tmp"));
    assertOnlyWhole(target);
    assertOnlyWhole(copies);
  }

  @Override
  public void close() {
    ListedWriters.forget(home().toString());
    disk.close();
  }
}
