package dev.openmemory.backup.spi.encryption;

/**
 * A file with private keys.
 *
 * @param name for messages and questions, such as its path
 * @param content of the file, which may be protected by a passphrase
 */
public record KeyFile(String name, Secret content) {}
