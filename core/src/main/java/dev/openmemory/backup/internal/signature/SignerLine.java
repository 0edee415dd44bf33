package dev.openmemory.backup.internal.signature;

import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A line of an allowed-signers file of {@code ssh-keygen}: principals, options, key.
 *
 * @param principals as they are written: names with commas between them
 */
public record SignerLine(String principals, PublicKeyBlob key) {
  private static final Pattern LINE =
      Pattern.compile(
          "(?<principals>\"[^\"]+\"|\\S+)\\s+"
              + "(?:(?<options>(?:[^\\s\"]|\"[^\"]*\")+)\\s+)?"
              + "(?<type>(?:ssh|ecdsa|sk|rsa)-\\S+)\\s+(?<key>[A-Za-z0-9+/=]+)(?:\\s.*)?");
  private static final Pattern NAMESPACES =
      Pattern.compile("namespaces=\"([^\"!]*)\"", Pattern.CASE_INSENSITIVE);

  /**
   * The signer of this line; empty for a comment, a key of another type, and one that may not sign
   * backups.
   *
   * @throws MalformedException when it is no such line, or has an option that is not supported
   */
  public static Optional<SignerLine> parse(String line) throws MalformedException {
    if (line.isBlank() || line.startsWith("#")) {
      return Optional.empty();
    }
    Matcher parts = LINE.matcher(line.strip());
    if (!parts.matches()) {
      throw new MalformedException("it has no principal and key");
    }
    String options = parts.group("options");
    if (!parts.group("type").equals(PublicKeyBlob.TYPE)
        || (options != null && !mayBeForBackups(options))) {
      return Optional.empty();
    }
    try {
      byte[] blob = Base64.getDecoder().decode(parts.group("key"));
      return Optional.of(new SignerLine(parts.group("principals"), PublicKeyBlob.parse(blob)));
    } catch (IllegalArgumentException e) {
      throw new MalformedException("its key is damaged");
    }
  }

  /** An option that is ignored could accept what it was meant to refuse. */
  private static boolean mayBeForBackups(String options) throws MalformedException {
    Matcher namespaces = NAMESPACES.matcher(options);
    if (!namespaces.matches()) {
      throw new MalformedException("it has options; of these only namespaces=\"...\" is supported");
    }
    return Stream.of(namespaces.group(1).split(",")).anyMatch(SignerLine::isOurs);
  }

  private static boolean isOurs(String namespace) {
    String pattern = Pattern.quote(namespace).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q");
    return SshSignature.NAMESPACE.matches(pattern);
  }
}
