package dev.openmemory.backup.storage.sftp.internal.session;

import net.schmizz.sshj.sftp.Request;

/** An open file or directory, as the server calls it in one session. */
public final class Handle {
  private final byte[] name;

  /** The handle with this name, which never changes. */
  Handle(byte[] name) {
    this.name = name;
  }

  /** Adds it to a request. */
  public Request to(Request request) {
    return request.putString(name);
  }
}
