package dev.openmemory.backup.internal.archive;

/**
 * What an archive or a tree holds.
 *
 * @param files regular files; each name of a hard-linked one counts
 * @param directories without the root
 * @param apparentBytes the lengths of the files with their holes; of hard links only once
 */
public record TarSummary(long files, long directories, long apparentBytes) {}
