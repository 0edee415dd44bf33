package dev.openmemory.backup.spi;

/**
 * One file of a {@link Capture}.
 *
 * @param name as it would be called without compression: {@code openmemory.db}, {@code
 *     qdrant-storage.tar}
 * @param mediaType of the plain bytes
 * @param compress whether it is worth compressing; the engine chooses how and adds the suffix
 */
public record CapturedFile(String name, String mediaType, boolean compress, Content content) {}
