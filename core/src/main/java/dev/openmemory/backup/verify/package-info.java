/** Reports of a verification and of a cross-check. */
@NullMarked
package dev.openmemory.backup.verify;

import org.jspecify.annotations.NullMarked;
