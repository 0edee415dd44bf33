package dev.openmemory.backup.testkit.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * A directory that keeps its state before each change, as the end of the process or a loss of power
 * at that moment would leave it. A test runs a command once, keeps the states, and then puts back
 * one after the other and checks what the next command makes of it.
 *
 * <p>The directory is a real one. What is done through {@link #path} is watched: creating, writing,
 * truncating, forcing, moving, linking and deleting. Forcing is only remembered, which makes tests
 * fast. What others do there, such as SQLite, which gets the path as text, is seen too, but not
 * watched: no state is looked at in the midst of it, and it is unforced until it is forced through
 * the path. Modes, owners and times are not part of a state, and the time at which a file was last
 * changed is always the same.
 */
public final class WatchedDisk implements Closeable {
  private static final List<WatchedDisk> OPEN = new CopyOnWriteArrayList<>();

  private final Path directory;
  private DiskNode root;
  private Observer observer = () -> {};
  private volatile boolean full;
  private final Set<Ability> abilities = ConcurrentHashMap.newKeySet();
  private final Set<Path> openFiles = ConcurrentHashMap.newKeySet();

  /** What is left of what was not forced. */
  public enum Survivors {
    /** All: the process was killed, and the host still runs. */
    EVERYTHING,
    /** Nothing: neither bytes nor names, neither of new entries nor of removed ones. */
    FORCED_ONLY,
    /** All names, but no bytes: the file system wrote its journal first. */
    NAMES_ONLY
  }

  /** What some file systems cannot do. */
  public enum Ability {
    LOCKS,
    FORCED_DIRECTORIES,
    HARD_LINKS,
    MOVES_OF_OPEN_FILES,
    MODIFICATION_TIMES
  }

  /** Looks at the world before a change. */
  @FunctionalInterface
  public interface Observer {
    /** Looks, while no change can happen. */
    void look() throws IOException;
  }

  /** What changes something. */
  @FunctionalInterface
  public interface Change<T> {
    /** Does it. */
    T make() throws IOException;
  }

  private WatchedDisk(Path directory) throws IOException {
    this.directory = directory;
    this.root = DiskNode.durable(DiskState.of(directory));
    this.abilities.addAll(EnumSet.allOf(Ability.class));
  }

  /** Watches a directory; what is in it now is taken for forced. */
  public static WatchedDisk over(Path directory) throws IOException {
    WatchedDisk disk = new WatchedDisk(WatchedPath.real(directory).toRealPath());
    OPEN.add(disk);
    return disk;
  }

  static Optional<WatchedDisk> holding(Path real) {
    Path path = real.toAbsolutePath().normalize();
    return OPEN.stream().filter(disk -> path.startsWith(disk.directory)).findFirst();
  }

  /** The directory, as it has to be named to be watched. It prints as the real one. */
  public Path path() {
    return WatchedPath.of(directory);
  }

  /** From now on its file system cannot do that, and says so in German. */
  public void without(Ability ability) {
    abilities.remove(ability);
  }

  void require(Ability ability) throws IOException {
    if (!abilities.contains(ability)) {
      throw new FileSystemException(directory.toString(), null, "Das Argument ist ungültig");
    }
  }

  /** From now on there is room for nothing that is written, or there is again. */
  public void fill(boolean full) {
    this.full = full;
  }

  void requireRoom() throws IOException {
    if (full) {
      throw new FileSystemException(directory.toString(), null, "No space left on device");
    }
  }

  static void requireRoom(Path real) throws IOException {
    Optional<WatchedDisk> disk = holding(real);
    if (disk.isPresent()) {
      disk.get().requireRoom();
    }
  }

  /** Lets other threads make changes meanwhile; for an observer. */
  public synchronized void awaitWhileOthersChange(BooleanSupplier done)
      throws InterruptedException {
    while (!done.getAsBoolean()) {
      wait(1);
    }
  }

  void opened(Path real) {
    openFiles.add(real);
  }

  void closed(Path real) {
    openFiles.remove(real);
  }

  /** Whether what is done to that path needs the ability, and its disk has it. */
  static void require(Path real, Ability ability) throws IOException {
    Optional<WatchedDisk> disk = holding(real);
    boolean needed =
        disk.isPresent()
            && (ability != Ability.MOVES_OF_OPEN_FILES || disk.get().openFiles.contains(real));
    if (needed) {
      disk.get().require(ability);
    }
  }

  /** From now on the observer is called before each change. */
  public synchronized void beforeEachChange(Observer observer) {
    this.observer = observer;
  }

  /** Calls the observer, and then makes a change, of this directory or of something else. */
  public synchronized <T> T change(Change<T> change) throws IOException {
    observer.look();
    return change.make();
  }

  /** Work that changes this directory. */
  @FunctionalInterface
  public interface Work {
    /** Does it. */
    void run() throws IOException;
  }

  /**
   * All that may be there when the work ends early, or right after it.
   *
   * @return each different state once, in order, with what led to it
   */
  public Map<DiskState, String> endsOf(Set<Survivors> survivors, Work work) throws IOException {
    Map<DiskState, String> ends = new LinkedHashMap<>();
    AtomicInteger change = new AtomicInteger();
    Observer look =
        () -> {
          int number = change.getAndIncrement();
          for (Survivors some : survivors) {
            ends.putIfAbsent(state(some), some + " survives before change " + number);
          }
        };
    beforeEachChange(look);
    try {
      work.run();
      look.look();
    } finally {
      beforeEachChange(() -> {});
    }
    return ends;
  }

  /** What would be there if the run ended now. */
  public synchronized DiskState state(Survivors survivors) throws IOException {
    if (survivors == Survivors.EVERYTHING) {
      return DiskState.of(directory);
    }
    SortedMap<String, String> entries = new TreeMap<>();
    if (survivors == Survivors.FORCED_ONLY) {
      root.forced("", entries);
    } else {
      root.named("", directory, entries);
    }
    entries.remove("");
    return new DiskState(entries);
  }

  /** Makes the directory hold this and nothing else, all of it forced. */
  public synchronized void restore(DiskState state) throws IOException {
    state.put(directory);
    root = DiskNode.durable(state);
  }

  /** The node at a path that leads through no link. */
  DiskNode node(Path real) throws IOException {
    DiskNode node = root;
    Path at = directory;
    for (Path name : directory.relativize(real.toAbsolutePath().normalize())) {
      if (!name.toString().isEmpty()) {
        at = at.resolve(name);
        node = node.get(name.toString(), at);
      }
    }
    return node;
  }

  void created(Path real) throws IOException {
    placed(real, DiskNode.of(real));
  }

  void placed(Path real, DiskNode node) throws IOException {
    parent(real).put(name(real), node);
  }

  void removed(Path real) throws IOException {
    parent(real).remove(name(real));
  }

  void moved(Path from, Path to) throws IOException {
    DiskNode node = parent(from).remove(name(from));
    placed(to, node == null ? DiskNode.of(to) : node);
  }

  private DiskNode parent(Path real) throws IOException {
    return node(Objects.requireNonNull(real.toAbsolutePath().normalize().getParent()));
  }

  private static String name(Path real) {
    return String.valueOf(real.toAbsolutePath().normalize().getFileName());
  }

  @Override
  public void close() {
    OPEN.remove(this);
  }
}
