/** Request and report of an export of memories for other programs. */
@NullMarked
package dev.openmemory.backup.export;

import org.jspecify.annotations.NullMarked;
