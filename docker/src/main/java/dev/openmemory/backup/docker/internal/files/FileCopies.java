package dev.openmemory.backup.docker.internal.files;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.docker.internal.engine.DockerEngine;
import dev.openmemory.backup.internal.file.Disk;
import dev.openmemory.backup.internal.file.FileFailure;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.jspecify.annotations.Nullable;

/** Copies of single files of a container, with mode and owner, as tars. */
record FileCopies(DockerEngine engine, ContainerFile file) {
  private static final int BUFFER = 64 * 1024;

  /** What is done with an entry and its content. */
  private interface Taker {
    void take(TarArchiveEntry entry, InputStream content) throws IOException;
  }

  /** The entry of the file beside {@link #file} that has the suffix; empty when there is none. */
  Optional<TarArchiveEntry> stat(String suffix) throws IOException {
    TarArchiveEntry[] found = new TarArchiveEntry[1];
    boolean present = read(suffix, (entry, content) -> found[0] = entry);
    return present ? Optional.of(found[0]) : Optional.empty();
  }

  /** Writes the bytes to a new file of this host; false when there is none. */
  boolean fetch(String suffix, Path to, Cancellation cancellation) throws IOException {
    return read(
        suffix,
        (entry, content) -> {
          try (OutputStream out = Disk.createPrivateFile(to)) {
            copy(content, out, cancellation);
          }
        });
  }

  /** Puts those of the files that exist into one new tar; gives the suffixes of those. */
  List<String> save(List<String> suffixes, Path tar, Cancellation cancellation) throws IOException {
    List<String> saved = new ArrayList<>();
    try (TarArchiveOutputStream out = create(tar)) {
      for (String suffix : suffixes) {
        if (read(suffix, (entry, content) -> append(out, entry, content, cancellation))) {
          saved.add(suffix);
        }
      }
      out.finish();
    }
    return saved;
  }

  /** A new tar with the one file, owned as the entry says. */
  static void pack(Path content, TarArchiveEntry like, Path tar, Cancellation cancellation)
      throws IOException {
    try (TarArchiveOutputStream out = create(tar);
        InputStream in = Files.newInputStream(content)) {
      TarArchiveEntry entry = sameOwner(like.getName(), like);
      entry.setSize(Files.size(content));
      append(out, entry, in, cancellation);
      out.finish();
    }
  }

  /** A new tar with empty files, owned as the entries say. */
  static void packEmpty(List<TarArchiveEntry> likes, Path tar) throws IOException {
    try (TarArchiveOutputStream out = create(tar)) {
      for (TarArchiveEntry like : likes) {
        out.putArchiveEntry(sameOwner(like.getName(), like));
        out.closeArchiveEntry();
      }
      out.finish();
    }
  }

  /** The entries in a tar of ours. */
  static List<TarArchiveEntry> entries(Path tar) throws IOException {
    List<TarArchiveEntry> entries = new ArrayList<>();
    try (TarArchiveInputStream in =
        new TarArchiveInputStream(new BufferedInputStream(Files.newInputStream(tar)))) {
      for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        entries.add(entry);
      }
    }
    return entries;
  }

  /**
   * Unpacks a tar of ours into new files.
   *
   * @param name with which the names of all entries begin
   * @param to takes its place in the new files
   * @throws BackupException of kind {@code CORRUPT} when the tar is damaged or cut off
   */
  static void unpack(Path tar, String name, Path to, Cancellation cancellation) throws IOException {
    try (TarArchiveInputStream in =
        new TarArchiveInputStream(new BufferedInputStream(Files.newInputStream(tar)))) {
      for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        if (!entry.isFile() || !entry.getName().matches("\\Q" + name + "\\E[-a-z]*")) {
          throw new IOException("an entry is " + entry.getName());
        }
        Path file = to.resolveSibling(to.getFileName() + entry.getName().substring(name.length()));
        try (OutputStream out = Disk.createPrivateFile(file)) {
          copy(in, out, cancellation);
        }
      }
    } catch (BackupException e) {
      throw e;
    } catch (IOException e) {
      BackupException local = FileFailure.of("read previous data", tar, e);
      throw local.kind() == Kind.NO_SPACE || local.kind() == Kind.DENIED
          ? local
          : Kind.CORRUPT.failure("read previous data", tar.toString(), "is damaged", e);
    }
  }

  private static TarArchiveEntry sameOwner(String name, TarArchiveEntry like) {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setMode(like.getMode());
    entry.setUserId(like.getLongUserId());
    entry.setGroupId(like.getLongGroupId());
    entry.setModTime(like.getLastModifiedTime());
    return entry;
  }

  private static void append(
      TarArchiveOutputStream out,
      TarArchiveEntry entry,
      InputStream content,
      Cancellation cancellation)
      throws IOException {
    out.putArchiveEntry(entry);
    copy(content, out, cancellation);
    out.closeArchiveEntry();
  }

  private static void copy(InputStream in, OutputStream out, Cancellation cancellation)
      throws IOException {
    byte[] buffer = new byte[BUFFER];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      cancellation.check();
      out.write(buffer, 0, n);
    }
  }

  private static TarArchiveOutputStream create(Path tar) throws IOException {
    TarArchiveOutputStream out =
        new TarArchiveOutputStream(new BufferedOutputStream(Disk.createPrivateFile(tar)), "UTF-8");
    out.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
    out.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_STAR);
    return out;
  }

  /** The library fails by itself when the content ends before its stated size. */
  private boolean read(String suffix, Taker taker) throws IOException {
    Optional<InputStream> found = engine.files().readFile(file.container(), file.path(suffix));
    if (found.isEmpty()) {
      return false;
    }
    try (TarArchiveInputStream tar = new TarArchiveInputStream(found.get())) {
      @Nullable TarArchiveEntry entry = tar.getNextEntry();
      if (entry == null || !entry.isFile()) {
        throw Kind.INVALID.failure("read", file.describe() + suffix, "is not a regular file");
      }
      taker.take(entry, tar);
      return true;
    } catch (BackupException e) {
      throw e;
    } catch (IOException e) {
      BackupException local = FileFailure.of("copy", Path.of(file.path(suffix)), e);
      throw local.kind() == Kind.NO_SPACE
          ? local
          : Kind.CORRUPT.failure(
              "read", file.describe() + suffix, "the engine sent only a part of it", e);
    }
  }
}
