package dev.openmemory.backup.storage.sftp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.server.SftpSubsystem;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;

/** An embedded server that answers some requests by a status of a test's choice. */
final class Answers extends SftpSubsystemFactory {
  /** Does what was asked. */
  static final int AS_EVER = -1;

  /** Answers by a handle, which is the path. */
  static final int OPENED = -2;

  private final Choice choice;

  private Answers(Choice choice) {
    this.choice = choice;
  }

  /** A status in place of doing a request, or one of the constants. */
  interface Choice {
    int answer(Request request);
  }

  /**
   * What is asked.
   *
   * @param subject a path, a handle or the name of an extension
   * @param root of the server
   */
  record Request(int type, String subject, Path root) {
    boolean isOf(int... types) {
      return IntStream.of(types).anyMatch(one -> one == type);
    }

    boolean isMissing(String path) {
      return Files.notExists(root.resolve(path));
    }

    String parent() {
      return subject.substring(0, Math.max(1, subject.lastIndexOf('/')));
    }
  }

  static Consumer<SshServer> with(Choice choice) {
    return server -> server.setSubsystemFactories(List.of(new Answers(choice)));
  }

  /** Refuses requests of that type, or the extension. */
  static Consumer<SshServer> refusing(int type, String extension, int status) {
    return with(
        request -> {
          boolean other =
              request.isOf(SftpConstants.SSH_FXP_EXTENDED) && !request.subject().equals(extension);
          return request.isOf(type) && !other ? status : AS_EVER;
        });
  }

  @Override
  public Command createSubsystem(ChannelSession channel) {
    return new Answering(channel);
  }

  private final class Answering extends SftpSubsystem {
    Answering(ChannelSession channel) {
      super(channel, Answers.this);
    }

    @Override
    protected void doProcess(Buffer buffer, int length, int type, int id) throws IOException {
      int begin = buffer.rpos();
      String subject = type == SftpConstants.SSH_FXP_INIT ? "" : buffer.getString();
      buffer.rpos(begin);
      int answer = choice.answer(new Request(type, subject, resolveFile("/")));
      switch (answer) {
        case AS_EVER -> super.doProcess(buffer, length, type, id);
        case OPENED -> sendHandle(prepareReply(buffer), id, subject);
        default -> sendStatus(prepareReply(buffer), id, answer, "as the test has it");
      }
    }
  }
}
