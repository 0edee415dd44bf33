package dev.openmemory.backup.internal.signature;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.Base64;

/** An Ed25519 public key as SSH writes it. Equal by its bytes. */
public final class PublicKeyBlob {
  /** The name of the algorithm. */
  static final String TYPE = "ssh-ed25519";

  private static final int KEY_BYTES = 32;
  private static final int SIGN_BIT = 0x80;

  private final byte[] key;

  private PublicKeyBlob(byte[] key) {
    this.key = key;
  }

  static PublicKeyBlob ofKey(byte[] key) throws MalformedException {
    if (key.length != KEY_BYTES) {
      throw new MalformedException("the public key has " + key.length + " bytes");
    }
    return new PublicKeyBlob(key.clone());
  }

  static PublicKeyBlob parse(byte[] blob) throws MalformedException {
    SshBytes fields = new SshBytes(blob);
    String type = fields.text();
    if (!type.equals(TYPE)) {
      throw new MalformedException("the key is no " + TYPE + " key; other types are not supported");
    }
    PublicKeyBlob key = ofKey(fields.string());
    fields.end();
    return key;
  }

  /** Of a file {@code .pub}. */
  static PublicKeyBlob ofLine(String line) throws MalformedException {
    String[] words = line.strip().split("\\s+", -1);
    try {
      return parse(Base64.getDecoder().decode(words.length > 1 ? words[1] : ""));
    } catch (IllegalArgumentException e) {
      throw new MalformedException("its key is damaged");
    }
  }

  byte[] bytes() {
    return new SshFields().text(TYPE).string(key).bytes();
  }

  /** As in a file {@code .pub}, without a comment. */
  public String text() {
    return TYPE + " " + Base64.getEncoder().encodeToString(bytes());
  }

  /** Whether the signature of the message is by this key. */
  boolean accepts(byte[] message, byte[] signature) {
    try {
      Signature check = Signature.getInstance("Ed25519");
      check.initVerify(
          KeyFactory.getInstance("Ed25519")
              .generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, point())));
      check.update(message);
      return check.verify(signature);
    } catch (GeneralSecurityException e) {
      // A key that is no point of the curve, or a signature of another length.
      return false;
    }
  }

  /** The number is little-endian, and its highest bit is the sign of x. */
  private EdECPoint point() {
    byte[] y = new byte[KEY_BYTES];
    for (int i = 0; i < KEY_BYTES; i++) {
      y[i] = key[KEY_BYTES - 1 - i];
    }
    boolean odd = (y[0] & SIGN_BIT) != 0;
    y[0] &= (byte) ~SIGN_BIT;
    return new EdECPoint(odd, new BigInteger(1, y));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PublicKeyBlob blob && Arrays.equals(blob.key, key);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(key);
  }

  @Override
  public String toString() {
    return text();
  }
}
