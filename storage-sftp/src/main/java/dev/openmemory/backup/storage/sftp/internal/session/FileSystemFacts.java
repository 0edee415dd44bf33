package dev.openmemory.backup.storage.sftp.internal.session;

import net.schmizz.sshj.common.Buffer;

/**
 * What statvfs@openssh.com says of the file system of a path.
 *
 * @param usableFiles how many more it can have; {@code Long.MAX_VALUE} where it does not count them
 */
public record FileSystemFacts(long usableBytes, long usableFiles, boolean readOnly) {
  private static final long READ_ONLY = 1;

  static FileSystemFacts read(Buffer<?> in) throws Buffer.BufferException {
    in.readUInt64();
    long fragment = in.readUInt64();
    in.readUInt64();
    in.readUInt64();
    long blocks = in.readUInt64();
    long files = in.readUInt64();
    in.readUInt64();
    long usableFiles = in.readUInt64();
    // The id uses all 64 bits, which sshj takes for a number that is too large.
    in.readRawBytes(new byte[Long.BYTES]);
    long flags = in.readUInt64();
    return new FileSystemFacts(
        blocks * fragment, files == 0 ? Long.MAX_VALUE : usableFiles, (flags & READ_ONLY) != 0);
  }
}
