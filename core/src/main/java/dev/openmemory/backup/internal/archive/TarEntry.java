package dev.openmemory.backup.internal.archive;

import java.nio.file.attribute.FileTime;

/**
 * An entry of an archive that passed the checks.
 *
 * @param name below the root, with slashes, without empty, {@code .} and {@code ..} parts; empty
 *     for the root
 * @param size of a file with its holes; 0 for others
 * @param link the text of a symbolic link, the checked name of the file that a hard link is to, or
 *     empty
 */
record TarEntry(
    String name, int mode, long uid, long gid, FileTime modified, long size, String link) {}
