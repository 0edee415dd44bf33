package dev.openmemory.backup.storage.sftp.internal.session;

import dev.openmemory.backup.internal.process.LocalCommand;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * A {@code ProxyCommand} in the place of a socket: the server reads what we write to the command.
 * Closing it kills the command.
 */
public final class CommandSocket extends SshSocket {
  private final LocalCommand command;
  private boolean closed;
  private String end = "";

  /** Takes over the command, which is running. */
  public CommandSocket(LocalCommand command) {
    this.command = command;
  }

  /** How the command ended, which it does in a moment when it has closed its side. */
  @Override
  public synchronized String end() {
    if (end.isEmpty() && !closed) {
      end = command.end();
    }
    return end;
  }

  @Override
  InputStream openInput() {
    return command.output();
  }

  @Override
  public OutputStream getOutputStream() {
    return command.input();
  }

  @Override
  public boolean isConnected() {
    return true;
  }

  @Override
  public boolean isClosed() {
    return !command.isRunning();
  }

  @Override
  public void setSoTimeout(int millis) {
    // The watch over calls ends it.
  }

  @Override
  public synchronized void close() throws IOException {
    if (!closed) {
      if (!command.isRunning()) {
        end();
      }
      closed = true;
      command.close();
      super.close();
    }
  }
}
