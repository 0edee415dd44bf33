package dev.openmemory.backup.storage.sftp;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A path on a server that no other test has, and how a user names it. */
final class PlaceOnServer {
  private final SftpServer server;
  private final Path scratch;
  private final String path;

  /**
   * Finds one; nothing is there yet.
   *
   * @param scratch a folder of this host, for what a user has
   */
  PlaceOnServer(SharedServer shared, Path scratch) throws Exception {
    this.server = shared.get();
    this.scratch = scratch;
    String parent = server.path();
    this.path = (parent.endsWith("/") ? parent : parent + "/") + shared.newPath();
  }

  String path() {
    return path;
  }

  KnownServer known() throws IOException {
    return KnownServer.of(server, server.port(), scratch.resolve("known_hosts"));
  }

  URI location() {
    return URI.create(
        "sftp://" + server.user() + "@" + SftpServer.HOST + ":" + server.port() + path);
  }

  /** With nothing from the files of whoever runs the tests. */
  Map<String, String> options() throws IOException {
    Path nothing = scratch.resolve("ssh_config");
    if (Files.notExists(nothing)) {
      Files.createFile(nothing);
    }
    KnownServer known = known();
    return Map.of(
        "identity-file", known.identity().toString(),
        "known-hosts", known.knownHosts().toString(),
        "ssh-config", nothing.toString());
  }
}
