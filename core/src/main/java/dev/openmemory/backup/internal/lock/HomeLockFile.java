package dev.openmemory.backup.internal.lock;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.file.CloseAll;
import dev.openmemory.backup.internal.file.Disk;
import dev.openmemory.backup.internal.file.KeptOpen;
import dev.openmemory.backup.internal.run.WorkFolder;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code home.lock} in the home's work folder, while this process has it. It must not be opened a
 * second time meanwhile: closing any descriptor of a file gives up the process's POSIX locks on it.
 */
final class HomeLockFile implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(HomeLockFile.class);
  private static final String NAME = "home.lock";

  /** Beyond the text, which other processes can then read on Windows too. */
  private static final long LOCKED_BYTE = 1L << 30;

  private static final int MOST_BYTES = 64 * 1024;
  private static final int MOST_TRIES = 100;

  private final Path file;
  private final FileChannel channel;
  private final Optional<FileChannel> sameFile;
  private final byte[] text;
  private final boolean bySystem;

  private HomeLockFile(
      Path file,
      FileChannel channel,
      Optional<FileChannel> sameFile,
      byte[] text,
      boolean bySystem) {
    this.file = file;
    this.channel = channel;
    this.sameFile = sameFile;
    this.text = text;
    this.bySystem = bySystem;
  }

  /**
   * The outcome of an attempt.
   *
   * @param holder which run has it, for people; empty text when this one does
   */
  record Attempt(Optional<HomeLockFile> file, String holder) {
    private static Attempt busy(byte[] text) {
      return new Attempt(
          Optional.empty(),
          HomeLockEntry.parse(text).map(HomeLockEntry::described).orElse("another run"));
    }
  }

  /** What the operating system says. */
  private enum Answer {
    LOCKED,
    OF_ANOTHER,
    NO_LOCKS
  }

  /** Tries to have it alone; makes the file. */
  static Attempt attempt(Path home, HomeLockEntry entry) throws IOException {
    Path folder = WorkFolder.of(home);
    for (int tries = 1; ; tries++) {
      try {
        if (!Files.isDirectory(folder)) {
          Disk.createPrivateDirectory(folder);
          // What is recorded in it is to survive a loss of power.
          Disk.force(home);
        }
        return attempt(folder.resolve(NAME), entry.toText());
      } catch (NoSuchFileException | FileAlreadyExistsException e) {
        // Another run has removed it, or made it, at this very moment.
        if (tries == MOST_TRIES || !Files.isDirectory(home)) {
          throw e;
        }
      }
    }
  }

  /** Tries to have it together with others that only read the home; empty when there is none. */
  static Optional<Attempt> attemptToRead(Path home) throws IOException {
    Path file = WorkFolder.of(home).resolve(NAME);
    FileChannel channel;
    try {
      channel = FileChannel.open(file, StandardOpenOption.READ);
    } catch (IOException e) {
      LOG.debug("No run that may write to {} has left a lock that can be read", home, e);
      return Optional.empty();
    }
    Answer answer = ask(channel, true);
    byte[] found = read(channel);
    if (answer == Answer.LOCKED) {
      return Optional.of(
          new Attempt(
              Optional.of(new HomeLockFile(file, channel, Optional.empty(), found, true)), ""));
    }
    channel.close();
    return answer == Answer.NO_LOCKS ? Optional.empty() : Optional.of(Attempt.busy(found));
  }

  private static Attempt attempt(Path file, byte[] text) throws IOException {
    FileChannel channel = open(file);
    Optional<FileChannel> same = Optional.empty();
    boolean kept = false;
    try {
      Answer answer = ask(channel, false);
      byte[] before = read(channel);
      if (answer == Answer.OF_ANOTHER || mayBeAtWork(before, file, answer == Answer.LOCKED)) {
        return Attempt.busy(before);
      }
      write(channel, text);
      // By now the name may lead to a new file, which has a lock of its own.
      same = Optional.of(FileChannel.open(file, StandardOpenOption.READ));
      if (!Arrays.equals(read(same.get()), text)) {
        throw new NoSuchFileException(file.toString());
      }
      kept = true;
      return new Attempt(
          Optional.of(new HomeLockFile(file, channel, same, text, answer == Answer.LOCKED)), "");
    } finally {
      if (!kept && !KeptOpen.contains(channel)) {
        CloseAll.of(same.isPresent() ? List.of(same.get(), channel) : List.of(channel));
      }
    }
  }

  /** Its folder is private, and its owner and root may both have to open the file. */
  private static FileChannel open(Path file) throws IOException {
    boolean makes = !Files.exists(file);
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    if (makes && Disk.isPosix(file)) {
      try {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
      } catch (IOException e) {
        LOG.debug("{} has the mode of other files", file, e);
      }
    }
    return channel;
  }

  private static Answer ask(FileChannel channel, boolean shared) throws BackupException {
    try {
      return channel.tryLock(LOCKED_BYTE, 1, shared) == null ? Answer.OF_ANOTHER : Answer.LOCKED;
    } catch (OverlappingFileLockException e) {
      KeptOpen.add(channel);
      throw Kind.LOCKED.failure("lock", NAME, "another run of this process is active", e);
    } catch (IOException e) {
      LOG.debug("This file system has no locks", e);
      return Answer.NO_LOCKS;
    }
  }

  private static boolean mayBeAtWork(byte[] before, Path file, boolean locked) throws IOException {
    Optional<HomeLockEntry> entry = HomeLockEntry.parse(before);
    return entry.isPresent() && entry.get().mayBeAtWork(file, locked);
  }

  /** Whether the lock is one of the operating system. */
  boolean isBySystem() {
    return bySystem;
  }

  /** Whether the operating system keeps all others away; runs that only read share the lock. */
  boolean isExclusive() {
    return bySystem && sameFile.isPresent();
  }

  /** Whether no other run has taken it over; see {@link HomeLockEntry#SILENCE}. */
  boolean isHeld() throws IOException {
    return channel.isOpen() && (sameFile.isEmpty() || Arrays.equals(read(channel), text));
  }

  /** Shows hosts that cannot see the lock that this run is active. */
  boolean renew() throws IOException {
    if (sameFile.isEmpty() || !isHeld()) {
      return false;
    }
    channel.write(ByteBuffer.wrap(text), 0);
    return true;
  }

  /** Gives it back; leaves no file where nothing else of this tool is. */
  @Override
  @SuppressWarnings("try")
  public void close() throws IOException {
    try (channel;
        FileChannel same = sameFile.orElse(channel)) {
      if (sameFile.isPresent() && isHeld()) {
        Path folder = Objects.requireNonNull(file.getParent());
        if (Disk.entries(folder).equals(List.of(file))) {
          Files.delete(file);
          Disk.deleteIfEmpty(folder);
        } else {
          channel.truncate(0);
        }
      }
    }
  }

  private static byte[] read(FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(channel.size(), MOST_BYTES));
    while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) >= 0) {
      // Until all of it is there.
    }
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  private static void write(FileChannel channel, byte[] text) throws IOException {
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(text), 0);
  }
}
