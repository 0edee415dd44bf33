package dev.openmemory.backup.age.internal.stanza;

import com.exceptionfactory.jagged.RecipientStanza;
import com.exceptionfactory.jagged.framework.codec.CanonicalBase64;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** A stanza that we write, and what all kinds of them have in common. */
final class Stanza implements RecipientStanza {
  private final String type;
  private final List<String> arguments;
  private final byte[] body;

  Stanza(String type, List<String> arguments, byte[] body) {
    this.type = type;
    this.arguments = arguments;
    this.body = body;
  }

  /** The argument as bytes, when it is the one text that stands for so many bytes. */
  static Optional<byte[]> decoded(String argument, int length) {
    try {
      byte[] bytes =
          CanonicalBase64.getDecoder().decode(argument.getBytes(StandardCharsets.US_ASCII));
      return bytes.length == length ? Optional.of(bytes) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @Override
  public String getType() {
    return type;
  }

  @Override
  public List<String> getArguments() {
    return arguments;
  }

  @Override
  public byte[] getBody() {
    return body;
  }
}
