package dev.openmemory.backup.storage.sftp.internal.session;

import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import net.schmizz.sshj.sftp.Response.StatusCode;
import net.schmizz.sshj.sftp.SFTPException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a server may refuse and still keep backups. One that was refused is not asked for again, and
 * is told in one warning. Thread-safe.
 */
public final class Niceties {
  private static final Logger LOG = LoggerFactory.getLogger(Niceties.class);

  private final Set<Nicety> refused = ConcurrentHashMap.newKeySet();
  private final Set<Nicety> granted = ConcurrentHashMap.newKeySet();

  /** Each with what its refusal means. */
  public enum Nicety {
    FORCED_FILES("a loss of power on the server may cost the files of its last seconds"),
    TIMES("files have the time of their upload"),
    PERMISSIONS("files and folders have the permissions that the server gives them"),
    SECOND_OPEN("each file is sent over one session"),
    LINKS("of two writers of one name at the same moment both may believe that they were first");

    private final String consequence;

    Nicety(String consequence) {
      this.consequence = consequence;
    }
  }

  public boolean isAsked(Nicety nicety) {
    return !refused.contains(nicety);
  }

  /** Whether it has been done. */
  public boolean isProven(Nicety nicety) {
    return granted.contains(nicety);
  }

  public void granted(Nicety nicety) {
    granted.add(nicety);
  }

  public void refused(Nicety nicety, SFTPException refusal) {
    refused(nicety, SftpFailures.tidy(refusal));
  }

  public void refused(Nicety nicety, String fact) {
    if (refused.add(nicety)) {
      String what = nicety.name().toLowerCase(Locale.ROOT).replace('_', ' ');
      LOG.warn("the server refuses {} ({}): {}", what, fact, nicety.consequence);
    }
  }

  /**
   * Whether a file of this server could not be forced for a reason of that file: a full disk, or
   * because earlier ones could. Where none has been, a plain failure is no proof of either.
   */
  boolean isFailedForce(SFTPException failure) {
    return switch (failure.getStatusCode()) {
      case OP_UNSUPPORTED, BAD_MESSAGE, INVALID_PARAMETER, PERMISSION_DENIED -> false;
      case FAILURE -> granted.contains(Nicety.FORCED_FILES);
      default -> failure.getStatusCode() != StatusCode.UNKNOWN;
    };
  }

  /** Whether the server may have refused what goes with a request, rather than the request. */
  static boolean mayRefuseAttributes(SFTPException e) {
    return switch (e.getStatusCode()) {
      case OP_UNSUPPORTED, BAD_MESSAGE, INVALID_PARAMETER -> true;
      default -> false;
    };
  }
}
