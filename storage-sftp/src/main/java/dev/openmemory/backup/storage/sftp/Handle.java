package dev.openmemory.backup.storage.sftp;

import net.schmizz.sshj.sftp.Request;

/** An open file or directory, as the server calls it in one session. */
final class Handle {
  private final byte[] name;

  /** By that name, which nobody changes. */
  Handle(byte[] name) {
    this.name = name;
  }

  /** Adds it to a request. */
  Request to(Request request) {
    return request.putString(name);
  }
}
