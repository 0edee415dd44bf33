package dev.openmemory.backup.internal.sync;

import dev.openmemory.backup.spi.BackupTarget;

/**
 * How much of a sync is on its way at a time: a small file is mostly waiting, for distance and for
 * disks.
 *
 * @param backups at a time
 * @param files of one backup at a time
 */
record InFlight(int backups, int files) {
  private static final int MOST_BACKUPS = 4;
  private static final int MOST_FILES = 4;

  /** A file is read on one side and written on the other, so that memory is the limit. */
  static InFlight between(BackupTarget source, BackupTarget destination) {
    long buffers = Math.max(source.traits().bufferBytes(), destination.traits().bufferBytes());
    long room = Math.max(1, Runtime.getRuntime().maxMemory() / 4 / Math.max(1, buffers));
    int files = (int) Math.min(MOST_FILES, room);
    return new InFlight((int) Math.min(MOST_BACKUPS, Math.max(1, room / files)), files);
  }
}
