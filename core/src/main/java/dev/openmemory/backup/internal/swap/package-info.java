/** How restored entries take the place of those that were there before. */
@NullMarked
package dev.openmemory.backup.internal.swap;

import org.jspecify.annotations.NullMarked;
