/** How backups are made, listed, verified, restored and deleted. */
@NullMarked
package dev.openmemory.backup.internal.engine;

import org.jspecify.annotations.NullMarked;
