package dev.openmemory.backup.storage.sftp.internal.hostkey;

import java.util.List;

/** Names of the algorithms that sign with a key. Only RSA has several; SHA-1 is not among them. */
public final class KeyAlgorithmNames {
  public static final String RSA_SHA512 = "rsa-sha2-512";
  public static final String RSA_SHA256 = "rsa-sha2-256";
  public static final String RSA_SHA512_CERTIFICATE = "rsa-sha2-512-cert-v01@openssh.com";
  public static final String RSA_SHA256_CERTIFICATE = "rsa-sha2-256-cert-v01@openssh.com";

  private KeyAlgorithmNames() {}

  /** The best first. */
  public static List<String> of(String keyType) {
    return switch (keyType) {
      case "ssh-rsa" -> List.of(RSA_SHA512, RSA_SHA256);
      case "ssh-rsa-cert-v01@openssh.com" ->
          List.of(RSA_SHA512_CERTIFICATE, RSA_SHA256_CERTIFICATE);
      default -> List.of(keyType);
    };
  }

  /** Of a certificate's algorithm, the one that signs. */
  public static String signing(String algorithm) {
    return algorithm.replace("-cert-v01@openssh.com", "");
  }
}
