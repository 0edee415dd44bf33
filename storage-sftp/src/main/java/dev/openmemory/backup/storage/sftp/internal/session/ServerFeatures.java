package dev.openmemory.backup.storage.sftp.internal.session;

/**
 * What a server offers beyond version 3 of the protocol; all of it OpenSSH's extensions.
 *
 * @param posixRename renaming that replaces in one step
 * @param hardlink links, which never replace
 * @param fsync forcing a file to the disk
 * @param statvfs facts of the file system
 * @param readLength the most bytes of a request to read
 * @param writeLength the most bytes of a request to write
 */
public record ServerFeatures(
    boolean posixRename,
    boolean hardlink,
    boolean fsync,
    boolean statvfs,
    int readLength,
    int writeLength) {}
