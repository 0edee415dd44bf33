package dev.openmemory.backup.storage.sftp;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

/** A path on a server that no other test has, and how a user names it. */
final class PlaceOnServer {
  private final SftpServer server;
  private final Path scratch;
  private final String below;

  /**
   * Finds one; nothing is there yet.
   *
   * @param scratch a folder of this host, for what a user has
   */
  PlaceOnServer(SharedServer shared, Path scratch) throws Exception {
    this.server = shared.get();
    this.scratch = scratch;
    this.below = shared.newPath();
  }

  SftpServer server() {
    return server;
  }

  String path() {
    String parent = server.path();
    return (parent.endsWith("/") ? parent : parent + "/") + below;
  }

  /** The same, as this host sees it. */
  Path folder() {
    return server.folder().resolve(below);
  }

  KnownServer known() throws IOException {
    return known(server.port());
  }

  /** By way of a proxy at that port. */
  KnownServer known(int port) throws IOException {
    return KnownServer.of(server, port, scratch.resolve("known_hosts-" + port));
  }

  URI location() {
    return URI.create(
        "sftp://" + server.user() + "@" + SftpServer.HOST + ":" + server.port() + path());
  }

  /** With nothing from the files of whoever runs the tests, and without the program ssh. */
  Map<String, String> options() throws IOException {
    KnownServer known = known();
    return Map.of(
        "identity-file", known.identity().toString(),
        "known-hosts", known.knownHosts().toString(),
        "ssh-config", "/dev/null");
  }
}
