package dev.openmemory.backup.memories;

/**
 * What an embedder is asked for, or was.
 *
 * @param provider as the settings of OpenMemory name it
 * @param address without a user, a password or a key
 * @param texts as many vectors are new
 * @param characters of all texts
 */
public record NewVectorsReport(
    String provider, String model, String address, long texts, long characters) {
  private static final int CHARACTERS_OF_A_TOKEN = 4;

  /** How many tokens that may be; an estimate. */
  public long estimatedTokens() {
    return (characters + CHARACTERS_OF_A_TOKEN - 1) / CHARACTERS_OF_A_TOKEN;
  }
}
