package dev.openmemory.backup.storage.sftp.internal.auth;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.storage.sftp.internal.settings.ClientEnvironment;
import dev.openmemory.backup.storage.sftp.internal.settings.SftpOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/** Files with a secret, which are to be this user's alone. No message holds any of the content. */
final class PrivateFile {
  private static final Set<PosixFilePermission> OF_OTHERS =
      PosixFilePermissions.fromString("------rwx");
  private static final Set<PosixFilePermission> OF_GROUP =
      PosixFilePermissions.fromString("---rwx---");

  private PrivateFile() {}

  /**
   * What is wrong with the rights to read it; empty when nothing is. A group may read a file of
   * another owner: that is how orchestrators hand out secrets.
   */
  static Optional<String> exposure(Path file, ClientEnvironment local) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    if (view == null) {
      return Optional.empty();
    }
    PosixFileAttributes attributes = view.readAttributes();
    Set<PosixFilePermission> mode = attributes.permissions();
    boolean exposed =
        mode.stream().anyMatch(OF_OTHERS::contains)
            || (mode.stream().anyMatch(OF_GROUP::contains)
                && attributes.owner().getName().equals(local.user()));
    return exposed
        ? Optional.of("is open to others: mode " + PosixFilePermissions.toString(mode))
        : Optional.empty();
  }

  /** The first line of the file that the option names. */
  static char[] firstLine(String option, Path file, ClientEnvironment local)
      throws BackupException {
    try {
      Optional<String> exposure = exposure(file, local);
      if (exposure.isPresent()) {
        throw SftpOptions.invalid("'" + option + "' " + file + " " + exposure.get());
      }
      try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
        String line = reader.readLine();
        if (line == null || line.isEmpty()) {
          throw SftpOptions.invalid("'" + option + "' " + file + " has an empty first line");
        }
        return line.toCharArray();
      }
    } catch (BackupException e) {
      throw e;
    } catch (CharacterCodingException e) {
      throw SftpOptions.invalid("'" + option + "' " + file + " is not UTF-8");
    } catch (IOException e) {
      throw SftpOptions.invalid("'" + option + "' " + file + " cannot be read");
    }
  }
}
