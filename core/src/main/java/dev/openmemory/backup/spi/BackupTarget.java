package dev.openmemory.backup.spi;

import dev.openmemory.backup.ObjectName;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Where backups go: a flat store of named objects.
 *
 * <p>Duties of every target. {@code BackupTargetContract} of the testkit has a test for each
 * number.
 *
 * <ul>
 *   <li><b>T1</b> All or nothing: when {@link #write} returns, the whole object is durable and
 *       visible, which was seen rather than told by the store; when it throws, whatever the reason,
 *       nothing new is visible under that name and an old object is intact.
 *   <li><b>T2</b> Create-only is the default: an existing name is {@code ALREADY_EXISTS} and stays
 *       as it was. With {@link TargetTraits#exclusiveCreate} exactly one of several writers of a
 *       new name wins.
 *   <li><b>T3</b> Options are honoured or refused with {@code UNSUPPORTED}, never ignored. A time
 *       that a server turns out to refuse may be its own, with a warning in the log.
 *   <li><b>T4</b> What was written is read back byte for byte, from any offset; an offset equal to
 *       the size gives an empty stream, one beyond it is {@code INVALID}.
 *   <li><b>T5</b> A missing object is {@code NOT_FOUND} to {@link #read}, empty to {@link #stat},
 *       and no error to {@link #delete}.
 *   <li><b>T6</b> {@link #list} gives every finished object with a name that starts with the
 *       prefix, once, sorted by name, and nothing else: no temporary and no foreign names. A prefix
 *       that nothing matches gives an empty list. A folder that may not be read is left out with a
 *       warning in the log, so that it does not hide the others; when the prefix leads into it, it
 *       is {@code DENIED}.
 *   <li><b>T7</b> What a call wrote or deleted, the next call sees (read-after-write, also in
 *       {@link #list}).
 *   <li><b>T8</b> The target never closes a stream of the caller, nor flushes to its reader: {@link
 *       Content#writeTo} is called at most once a write, and its exception reaches the caller as it
 *       is or as the cause.
 *   <li><b>T9</b> Memory is bounded by {@link TargetTraits#bufferBytes}, never by the size of the
 *       object.
 *   <li><b>T10</b> Failures are {@code BackupException}s with a kind, the operation and the
 *       redacted location; those of the content pass unchanged.
 *   <li><b>T11</b> Interruptible: an interrupt ends every blocking call promptly with {@code
 *       CANCELLED} and leaves the thread's interrupt flag set; T1 holds.
 *   <li><b>T12</b> Usable by several threads at once.
 *   <li><b>T13</b> {@link #close} may be called twice; afterwards every other call but {@link
 *       #location} and {@link #traits} throws {@code IllegalStateException}. Nothing opened stays
 *       open, also after failures.
 *   <li><b>T14</b> Writes that end with their process leave nothing that is ever listed; a target
 *       that can leave something hidden implements {@link SweepsLeftovers}.
 * </ul>
 *
 * <p>Left out on purpose: rename, append, directories, retry (a decorator), progress (a decorator
 * of the stream), locks.
 */
public interface BackupTarget extends Closeable {
  /**
   * Stores the content under the name; see T1, T2 and T3.
   *
   * @return the finished object
   */
  ObjectInfo write(ObjectName name, Content content, WriteOptions options) throws IOException;

  /**
   * Opens the object at the offset in bytes; see T4 and T5. The caller closes the stream. Replacing
   * or deleting the object meanwhile may end the stream with an error but never mixes old and new
   * bytes.
   */
  InputStream read(ObjectName name, long offset) throws IOException;

  /** The object's facts, or empty when there is none of that name. */
  Optional<ObjectInfo> stat(ObjectName name) throws IOException;

  /**
   * The objects with names that start with the prefix; the empty prefix matches all. See T6.
   *
   * @return a new list; all of it is in memory, some hundred bytes an object
   */
  List<ObjectInfo> list(String prefix) throws IOException;

  /**
   * The objects of {@link #list} with names of two segments, {@code folder/file}: all that a backup
   * consists of. A target overrides this where it can leave out deeper names without reading them,
   * so that a store with many foreign objects costs neither time nor memory. It may also leave out
   * a folder with more than 1,000 objects, which is no backup, unless the prefix leads into it.
   *
   * @return a new list
   */
  default List<ObjectInfo> listFolders(String prefix) throws IOException {
    return list(prefix).stream().filter(o -> o.name().segments().size() == 2).toList();
  }

  /**
   * The objects of {@link #listFolders(String)} that are in a folder with a file of such a name. A
   * target overrides this where it can look for these files first, so that folders of other
   * programs take no memory, however many files they have.
   *
   * @param fileNames which names of files tell that a folder is of interest
   * @return a new list
   */
  default List<ObjectInfo> listFolders(String prefix, Predicate<String> fileNames)
      throws IOException {
    List<ObjectInfo> all = listFolders(prefix);
    Set<String> folders =
        all.stream()
            .filter(o -> fileNames.test(o.name().fileName()))
            .map(o -> o.name().segments().get(0))
            .collect(Collectors.toSet());
    return all.stream().filter(o -> folders.contains(o.name().segments().get(0))).toList();
  }

  /**
   * Removes the object; returns normally also when there is none. When it throws, the object may or
   * may not be gone.
   */
  void delete(ObjectName name) throws IOException;

  /** Facts about this target; the same each time. */
  TargetTraits traits();

  /** The place, for people and messages, without any secret. */
  String location();

  @Override
  void close() throws IOException;
}
