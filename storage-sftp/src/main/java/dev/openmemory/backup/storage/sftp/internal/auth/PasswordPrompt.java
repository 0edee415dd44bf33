package dev.openmemory.backup.storage.sftp.internal.auth;

import java.util.List;
import net.schmizz.sshj.userauth.method.ChallengeResponseProvider;
import net.schmizz.sshj.userauth.password.Resource;

/**
 * Answers the one question for a password. Whatever else is asked, say for the code of a token, or
 * where typing would be shown, gets no answer.
 */
final class PasswordPrompt implements ChallengeResponseProvider {
  private static final char[] NOTHING = {};

  private final char[] password;
  private boolean answered;
  private volatile boolean askedForMore;

  PasswordPrompt(char[] password) {
    this.password = password.clone();
  }

  /** Whether a password was not all. */
  boolean askedForMore() {
    return askedForMore;
  }

  @Override
  public List<String> getSubmethods() {
    return List.of();
  }

  // As the interface has it.
  @SuppressWarnings("rawtypes")
  @Override
  public void init(Resource resource, String name, String instruction) {
    // Texts for a person.
  }

  @Override
  public char[] getResponse(String prompt, boolean echo) {
    if (answered || echo) {
      askedForMore = true;
      return NOTHING;
    }
    answered = true;
    return password.clone();
  }

  @Override
  public boolean shouldRetry() {
    return false;
  }
}
