package dev.openmemory.backup.storage.sftp.internal.auth;

import net.schmizz.sshj.userauth.password.PasswordFinder;
import net.schmizz.sshj.userauth.password.Resource;

/** Gives the same secret each time, as a copy: sshj blanks what it got. */
final class SecretFinder implements PasswordFinder {
  private final char[] secret;

  SecretFinder(char[] secret) {
    this.secret = secret.clone();
  }

  @Override
  public char[] reqPassword(Resource<?> resource) {
    return secret.clone();
  }

  @Override
  public boolean shouldRetry(Resource<?> resource) {
    return false;
  }
}
