package dev.openmemory.backup.internal.signature;

/**
 * A key, a signature or a line of signers is not in its format. The message quotes nothing of it.
 */
public final class MalformedException extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedException(String fact) {
    super(fact);
  }

  /** What is wrong with it. */
  public String fact() {
    return String.valueOf(getMessage());
  }
}
