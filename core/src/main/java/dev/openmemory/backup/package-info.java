/** What applications call. */
@NullMarked
package dev.openmemory.backup;

import org.jspecify.annotations.NullMarked;
