/** What a backup needs of the server that it is brought to. */
@NullMarked
package dev.openmemory.backup.internal.migration;

import org.jspecify.annotations.NullMarked;
