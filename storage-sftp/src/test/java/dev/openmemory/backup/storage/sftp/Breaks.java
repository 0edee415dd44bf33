package dev.openmemory.backup.storage.sftp;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.sftp.server.SftpSubsystem;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;

/** Counts the requests to an embedded server and breaks the connection at one of them. */
final class Breaks extends SftpSubsystemFactory {
  private final AtomicInteger left = new AtomicInteger();
  private volatile boolean done;

  /**
   * Breaks the connection once.
   *
   * @param request the number of the request from now on, from 1
   * @param done whether it is done before, so that the answer alone is lost
   */
  void at(int request, boolean done) {
    this.done = done;
    left.set(request);
  }

  /** Breaks no more; whether it has. */
  boolean end() {
    return left.getAndSet(0) <= 0;
  }

  @Override
  public Command createSubsystem(ChannelSession channel) {
    return new Breaking(channel);
  }

  private final class Breaking extends SftpSubsystem {
    private boolean broken;

    Breaking(ChannelSession channel) {
      super(channel, Breaks.this);
    }

    @Override
    protected void doProcess(Buffer buffer, int length, int type, int id) throws IOException {
      boolean now = left.getAndDecrement() == 1;
      if (now && !done) {
        cut();
      }
      if (!broken) {
        broken = now;
        super.doProcess(buffer, length, type, id);
      }
    }

    @Override
    protected void send(Buffer answer) throws IOException {
      if (broken) {
        cut();
      } else {
        super.send(answer);
      }
    }

    private void cut() {
      broken = true;
      getServerSession().close(true);
    }
  }
}
