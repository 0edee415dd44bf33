package dev.openmemory.backup.storage.sftp.internal.hostkey;

import dev.openmemory.backup.storage.sftp.internal.sshconfig.NamePattern;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A line of known_hosts.
 *
 * <p>Names are matched here and not by sshj, to which a list with an exception, {@code *.a,!b.a},
 * matches every host but the exception.
 *
 * @param names the patterns of names, or one hashed name
 * @param place file and line, for messages
 */
record KnownHost(Marker marker, String names, HostKey key, String place) {
  private static final String HASH = "|1|";
  private static final int SALT_BYTES = 20;

  /** What a line says of its key. */
  enum Marker {
    /** It is the host's. */
    NONE(""),
    /** It signs the keys of hosts. */
    AUTHORITY("@cert-authority"),
    /** It is never to be accepted. */
    REVOKED("@revoked");

    private final String text;

    Marker(String text) {
      this.text = text;
    }
  }

  /** Empty for comments and for lines that are not understood: they prove no host. */
  static Optional<KnownHost> parse(String line, String place) {
    String[] words = line.strip().split("[ \t]+", -1);
    Marker marker =
        Arrays.stream(Marker.values())
            .filter(m -> m.text.equals(words[0]))
            .findFirst()
            .orElse(Marker.NONE);
    int first = marker == Marker.NONE ? 0 : 1;
    if (words[0].isEmpty() || words[0].startsWith("#") || words.length < first + 3) {
      return Optional.empty();
    }
    if (marker == Marker.NONE && words[0].startsWith("@")) {
      return Optional.empty();
    }
    HostKey key = new HostKey(words[first + 1], words[first + 2]);
    return isBase64(key.base64())
        ? Optional.of(new KnownHost(marker, words[first], key, place))
        : Optional.empty();
  }

  private static boolean isBase64(String text) {
    try {
      return Base64.getDecoder().decode(text).length > 0;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** A name in the form that hides it. */
  static String hashed(String name) {
    byte[] salt = new byte[SALT_BYTES];
    new SecureRandom().nextBytes(salt);
    Base64.Encoder encoder = Base64.getEncoder();
    return HASH + encoder.encodeToString(salt) + "|" + encoder.encodeToString(hash(salt, name));
  }

  boolean isHashed() {
    return names.startsWith(HASH);
  }

  /** Whether the line is about a host of that name, which is in lower case. */
  boolean isFor(String name) {
    return isHashed()
        ? isHashOf(name)
        : NamePattern.matchesList(name, List.of(names.toLowerCase(Locale.ROOT).split(",", -1)));
  }

  private boolean isHashOf(String name) {
    String[] parts = names.split("\\|", -1);
    if (parts.length != 4) {
      return false;
    }
    try {
      Base64.Decoder decoder = Base64.getDecoder();
      byte[] salt = decoder.decode(parts[2]);
      return salt.length > 0 && MessageDigest.isEqual(hash(salt, name), decoder.decode(parts[3]));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static byte[] hash(byte[] salt, String name) {
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(salt, "HmacSHA1"));
      return mac.doFinal(name.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every JDK has HMAC-SHA1", e);
    }
  }
}
