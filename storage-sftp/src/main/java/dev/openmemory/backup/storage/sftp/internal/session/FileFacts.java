package dev.openmemory.backup.storage.sftp.internal.session;

import java.time.Instant;
import net.schmizz.sshj.common.Buffer;

/**
 * What the server says about an entry.
 *
 * @param modified in whole seconds
 */
public record FileFacts(Type type, long size, Instant modified) {
  private static final int SIZE = 1;
  private static final int OWNER = 1 << 1;
  private static final int MODE = 1 << 2;
  private static final int TIMES = 1 << 3;
  private static final int EXTENDED = 1 << 31;

  private static final long TYPE_BITS = 0170000;
  private static final long FILE_BITS = 0100000;
  private static final long DIRECTORY_BITS = 0040000;

  /** What an entry is; links are foreign. Some servers do not say. */
  enum Type {
    FILE,
    DIRECTORY,
    FOREIGN,
    UNKNOWN
  }

  /** Whether it is one, as far as the server says. */
  public boolean isFile() {
    return type == Type.FILE || type == Type.UNKNOWN;
  }

  /** Whether it is one, as far as the server says. */
  boolean isDirectory() {
    return type == Type.DIRECTORY || type == Type.UNKNOWN;
  }

  boolean isOfUnknownType() {
    return type == Type.UNKNOWN;
  }

  FileFacts withType(Type known) {
    return new FileFacts(known, size, modified);
  }

  /** Reads the attributes of version 3. sshj's own reader fails for times after 2038. */
  static FileFacts read(Buffer<?> in) throws Buffer.BufferException {
    int flags = (int) in.readUInt32();
    long size = (flags & SIZE) == 0 ? 0 : in.readUInt64();
    if ((flags & OWNER) != 0) {
      in.readUInt32();
      in.readUInt32();
    }
    long mode = (flags & MODE) == 0 ? 0 : in.readUInt32();
    long modified = 0;
    if ((flags & TIMES) != 0) {
      in.readUInt32();
      modified = in.readUInt32();
    }
    if ((flags & EXTENDED) != 0) {
      for (long left = in.readUInt32(); left > 0; left--) {
        in.readString();
        in.readString();
      }
    }
    return new FileFacts(type(mode & TYPE_BITS), size, Instant.ofEpochSecond(modified));
  }

  private static Type type(long bits) {
    if (bits == 0) {
      return Type.UNKNOWN;
    }
    if (bits == FILE_BITS) {
      return Type.FILE;
    }
    return bits == DIRECTORY_BITS ? Type.DIRECTORY : Type.FOREIGN;
  }
}
