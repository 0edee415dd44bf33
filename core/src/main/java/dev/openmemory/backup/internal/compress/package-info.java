/** Compression of what goes to a target. */
@NullMarked
package dev.openmemory.backup.internal.compress;

import org.jspecify.annotations.NullMarked;
