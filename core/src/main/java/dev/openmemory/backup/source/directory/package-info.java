/** Qdrant's storage directory, where it can be read on this host. */
@NullMarked
package dev.openmemory.backup.source.directory;

import org.jspecify.annotations.NullMarked;
