package dev.openmemory.backup.storage.sftp.internal.hostkey;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.internal.file.FileFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The known keys of hosts, from files in the form of known_hosts.
 *
 * @param files in the order in which they were read, also missing ones
 * @param lines of all files
 */
public record KnownHosts(List<Path> files, List<KnownHost> lines) {
  public static KnownHosts read(List<Path> files) throws BackupException {
    List<KnownHost> lines = new ArrayList<>();
    for (Path file : files) {
      int number = 0;
      for (String line : linesOf(file)) {
        number++;
        KnownHost.parse(line, file + " line " + number).ifPresent(lines::add);
      }
    }
    return new KnownHosts(List.copyOf(files), List.copyOf(lines));
  }

  private static List<String> linesOf(Path file) throws BackupException {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).lines().toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw FileFailure.of("read known hosts", file, e);
    }
  }

  /** The lines about a host. */
  List<KnownHost> of(String name) {
    return lines.stream().filter(line -> line.isFor(name)).toList();
  }

  /**
   * Adds a line for a host to the file, with its name hidden when other names in the file are.
   * Creates the file, for this user alone. Its lines stay, also when another process writes to it.
   */
  static void add(Path file, String name, HostKey key) throws BackupException {
    try {
      Path folder = file.toAbsolutePath().getParent();
      if (folder != null && !Files.isDirectory(folder)) {
        Files.createDirectories(folder, mode("rwx------"));
      }
      boolean hidden = read(List.of(file)).lines().stream().anyMatch(KnownHost::isHashed);
      String shown = hidden ? KnownHost.hashed(name) : name;
      append(file, shown + " " + key.type() + " " + key.base64() + "\n");
    } catch (IOException e) {
      throw FileFailure.of("add known host", file, e);
    }
  }

  private static void append(Path file, String line) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND),
            mode("rw-------"))) {
      String begin = endsInTheMiddle(file) ? "\n" : "";
      // One call: the system lets no other process write in between.
      channel.write(ByteBuffer.wrap((begin + line).getBytes(StandardCharsets.US_ASCII)));
    }
  }

  private static boolean endsInTheMiddle(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer last = ByteBuffer.allocate(1);
      return channel.size() > 0
          && channel.read(last, channel.size() - 1) == 1
          && last.get(0) != '\n';
    }
  }

  private static FileAttribute<?>[] mode(String mode) {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))
        }
        : new FileAttribute<?>[0];
  }

  /** Where a new key goes. */
  Optional<Path> fileToAddTo() {
    return files.stream().findFirst();
  }
}
