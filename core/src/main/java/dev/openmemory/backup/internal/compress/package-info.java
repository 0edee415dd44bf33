/** Compression of what goes to a target or to an archive, and what undoes zstd. */
@NullMarked
package dev.openmemory.backup.internal.compress;

import org.jspecify.annotations.NullMarked;
