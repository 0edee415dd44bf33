/** How restored entries take the place of the entries from before. */
@NullMarked
package dev.openmemory.backup.internal.swap;

import org.jspecify.annotations.NullMarked;
