/** Request and report of a sync to another target. */
@NullMarked
package dev.openmemory.backup.sync;

import org.jspecify.annotations.NullMarked;
