/** Qdrant's storage directory and the archive of one, wherever it is. */
@NullMarked
package dev.openmemory.backup.internal.qdrant;

import org.jspecify.annotations.NullMarked;
