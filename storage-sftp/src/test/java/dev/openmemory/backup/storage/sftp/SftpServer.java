package dev.openmemory.backup.storage.sftp;

import dev.openmemory.backup.storage.sftp.internal.transfer.Sha256;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/** A server of a test, on a port of this host. Closing it ends it and removes what it made. */
public interface SftpServer extends Closeable {
  String HOST = "127.0.0.1";

  int port();

  /** Who may log in, by {@link #identity}. */
  String user();

  /** A file with the private key, without passphrase. */
  Path identity();

  /** The host key as known_hosts has it behind the name: type and base64. */
  String hostKey();

  /** Type and fingerprint of the host key, as messages have them. */
  default String fingerprint() {
    String[] words = hostKey().split(" ", -1);
    byte[] digest = Sha256.create().digest(Base64.getDecoder().decode(words[1]));
    return words[0] + " SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest);
  }

  /** A folder on the server, empty at first, to which the user may write; as a client names it. */
  String path();

  /** The same folder, as this host sees it. */
  Path folder();

  /** Writes a known_hosts that knows the server at that port, which may be a proxy's. */
  default Path knownHosts(Path file, int port) throws IOException {
    return Files.writeString(file, "[" + HOST + "]:" + port + " " + hostKey() + "\n");
  }
}
