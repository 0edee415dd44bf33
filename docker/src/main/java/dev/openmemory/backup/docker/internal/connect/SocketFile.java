package dev.openmemory.backup.docker.internal.connect;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/** The rights that the file of a socket grants. */
public final class SocketFile {
  private SocketFile() {}

  /** Path, owner, group and mode; the path alone when the rest cannot be read. */
  public static String describe(Path socket) {
    try {
      PosixFileAttributes file = Files.readAttributes(socket, PosixFileAttributes.class);
      return "the socket "
          + socket
          + " of user "
          + file.owner().getName()
          + " and group "
          + file.group().getName()
          + " with mode "
          + PosixFilePermissions.toString(file.permissions());
    } catch (IOException | UnsupportedOperationException e) {
      return "the socket " + socket;
    }
  }
}
