package dev.openmemory.backup.spi;

/**
 * Something that writes an installation's data, such as a container.
 *
 * @param id finds it again, also from another process
 * @param name for people, and for finding it when it was made anew under another id
 */
public record Writer(String id, String name) {}
